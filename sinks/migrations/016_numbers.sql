-- The properties that are numbers.
ALTER TABLE events ADD COLUMN IF NOT EXISTS numbers Map(LowCardinality(String), Float64) AFTER properties;

ALTER TABLE events_trial ADD COLUMN IF NOT EXISTS numbers Map(LowCardinality(String), Float64) AFTER properties;

ALTER TABLE arrivals ADD COLUMN IF NOT EXISTS numbers Map(String, Float64) AFTER properties;
