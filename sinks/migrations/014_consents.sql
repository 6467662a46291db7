-- The columns of the channel `consents`.
ALTER TABLE events
    ADD COLUMN IF NOT EXISTS purpose LowCardinality(String) AFTER survey,
    ADD COLUMN IF NOT EXISTS contact_channel LowCardinality(String) AFTER purpose;

ALTER TABLE events_trial
    ADD COLUMN IF NOT EXISTS purpose LowCardinality(String) AFTER survey,
    ADD COLUMN IF NOT EXISTS contact_channel LowCardinality(String) AFTER purpose;

ALTER TABLE arrivals
    ADD COLUMN IF NOT EXISTS purpose String AFTER survey,
    ADD COLUMN IF NOT EXISTS contact_channel String AFTER purpose;

-- What is agreed to now, by each identifier that a decision named. The latest decision counts, in whatever order they arrived and
-- however often; of two at one millisecond it is the withdrawal. A touch beyond the dedupe window is one, too: a repeat changes
-- nothing.
CREATE OR REPLACE VIEW consents AS
SELECT
    tenant,
    arrayJoin(identifiers) AS identifier,
    purpose,
    contact_channel,
    argMax(type, (occurred_at, type = 'withdrawn')) AS state,
    max(occurred_at) AS since
FROM events
WHERE channel = 'consents'
GROUP BY tenant, identifier, purpose, contact_channel;
