-- What could not become a touch, or a row, with its original bytes. Written again after a crash, a record stays one row.
CREATE TABLE IF NOT EXISTS quarantine
(
    raw_topic     LowCardinality(String),
    raw_partition UInt16,
    raw_offset    UInt64,
    received_at   DateTime64(3, 'UTC'),
    reason        LowCardinality(String),
    detail        String,
    original      String
)
ENGINE = ReplacingMergeTree
ORDER BY (raw_topic, raw_partition, raw_offset)
SETTINGS non_replicated_deduplication_window = 10000;
