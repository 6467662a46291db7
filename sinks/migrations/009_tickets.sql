-- The columns of the channel `tickets`.
ALTER TABLE events
    ADD COLUMN IF NOT EXISTS ticket_id String AFTER text,
    ADD COLUMN IF NOT EXISTS priority LowCardinality(String) AFTER ticket_id;

ALTER TABLE events_trial
    ADD COLUMN IF NOT EXISTS ticket_id String AFTER text,
    ADD COLUMN IF NOT EXISTS priority LowCardinality(String) AFTER ticket_id;

ALTER TABLE arrivals
    ADD COLUMN IF NOT EXISTS ticket_id String AFTER text,
    ADD COLUMN IF NOT EXISTS priority String AFTER ticket_id;
