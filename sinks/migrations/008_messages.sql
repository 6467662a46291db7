-- The columns of the channel `messages`.
ALTER TABLE events
    ADD COLUMN IF NOT EXISTS conversation_id String AFTER queue,
    ADD COLUMN IF NOT EXISTS network LowCardinality(String) AFTER conversation_id,
    ADD COLUMN IF NOT EXISTS text String AFTER network;

ALTER TABLE events_trial
    ADD COLUMN IF NOT EXISTS conversation_id String AFTER queue,
    ADD COLUMN IF NOT EXISTS network LowCardinality(String) AFTER conversation_id,
    ADD COLUMN IF NOT EXISTS text String AFTER network;

ALTER TABLE arrivals
    ADD COLUMN IF NOT EXISTS conversation_id String AFTER queue,
    ADD COLUMN IF NOT EXISTS network String AFTER conversation_id,
    ADD COLUMN IF NOT EXISTS text String AFTER network;
