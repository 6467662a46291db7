-- The columns of the channel `feedback`.
ALTER TABLE events
    ADD COLUMN IF NOT EXISTS score Nullable(Float64) AFTER starts_at,
    ADD COLUMN IF NOT EXISTS scale Nullable(Float64) AFTER score,
    ADD COLUMN IF NOT EXISTS survey LowCardinality(String) AFTER scale;

ALTER TABLE events_trial
    ADD COLUMN IF NOT EXISTS score Nullable(Float64) AFTER starts_at,
    ADD COLUMN IF NOT EXISTS scale Nullable(Float64) AFTER score,
    ADD COLUMN IF NOT EXISTS survey LowCardinality(String) AFTER scale;

ALTER TABLE arrivals
    ADD COLUMN IF NOT EXISTS score Nullable(Float64) AFTER starts_at,
    ADD COLUMN IF NOT EXISTS scale Nullable(Float64) AFTER score,
    ADD COLUMN IF NOT EXISTS survey String AFTER scale;
