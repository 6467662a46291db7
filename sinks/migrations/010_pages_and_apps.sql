-- The program that made a message, and of visits: name, page and device ids, app.
ALTER TABLE events
    ADD COLUMN IF NOT EXISTS library LowCardinality(String) AFTER source,
    ADD COLUMN IF NOT EXISTS library_version LowCardinality(String) AFTER library,
    ADD COLUMN IF NOT EXISTS name LowCardinality(String) AFTER lead_source,
    ADD COLUMN IF NOT EXISTS page_id String AFTER name,
    ADD COLUMN IF NOT EXISTS device_id String AFTER page_id,
    ADD COLUMN IF NOT EXISTS app_name LowCardinality(String) AFTER device_id,
    ADD COLUMN IF NOT EXISTS app_version LowCardinality(String) AFTER app_name,
    ADD COLUMN IF NOT EXISTS app_build LowCardinality(String) AFTER app_version;

ALTER TABLE events_trial
    ADD COLUMN IF NOT EXISTS library LowCardinality(String) AFTER source,
    ADD COLUMN IF NOT EXISTS library_version LowCardinality(String) AFTER library,
    ADD COLUMN IF NOT EXISTS name LowCardinality(String) AFTER lead_source,
    ADD COLUMN IF NOT EXISTS page_id String AFTER name,
    ADD COLUMN IF NOT EXISTS device_id String AFTER page_id,
    ADD COLUMN IF NOT EXISTS app_name LowCardinality(String) AFTER device_id,
    ADD COLUMN IF NOT EXISTS app_version LowCardinality(String) AFTER app_name,
    ADD COLUMN IF NOT EXISTS app_build LowCardinality(String) AFTER app_version;

ALTER TABLE arrivals
    ADD COLUMN IF NOT EXISTS library String AFTER source,
    ADD COLUMN IF NOT EXISTS library_version String AFTER library,
    ADD COLUMN IF NOT EXISTS name String AFTER lead_source,
    ADD COLUMN IF NOT EXISTS page_id String AFTER name,
    ADD COLUMN IF NOT EXISTS device_id String AFTER page_id,
    ADD COLUMN IF NOT EXISTS app_name String AFTER device_id,
    ADD COLUMN IF NOT EXISTS app_version String AFTER app_name,
    ADD COLUMN IF NOT EXISTS app_build String AFTER app_version;
