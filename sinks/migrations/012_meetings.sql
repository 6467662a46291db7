-- The columns of the channel `meetings`.
ALTER TABLE events
    ADD COLUMN IF NOT EXISTS meeting_id String AFTER items_quantity,
    ADD COLUMN IF NOT EXISTS host LowCardinality(String) AFTER meeting_id,
    ADD COLUMN IF NOT EXISTS starts_at Nullable(DateTime64(3, 'UTC')) AFTER host;

ALTER TABLE events_trial
    ADD COLUMN IF NOT EXISTS meeting_id String AFTER items_quantity,
    ADD COLUMN IF NOT EXISTS host LowCardinality(String) AFTER meeting_id,
    ADD COLUMN IF NOT EXISTS starts_at Nullable(DateTime64(3, 'UTC')) AFTER host;

ALTER TABLE arrivals
    ADD COLUMN IF NOT EXISTS meeting_id String AFTER items_quantity,
    ADD COLUMN IF NOT EXISTS host String AFTER meeting_id,
    ADD COLUMN IF NOT EXISTS starts_at Nullable(DateTime64(3, 'UTC')) AFTER host;
