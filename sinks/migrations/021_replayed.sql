-- Records of the quarantine that were sent again and accepted. A touch has the coordinates of the original, but nothing finds
-- touches by these; so they are listed here, by the touches' flag `replayed`. Those of
-- former versions have no flag; `touchline rebuild` finds them.
CREATE TABLE IF NOT EXISTS replayed
(
    raw_topic     LowCardinality(String),
    raw_partition UInt16,
    raw_offset    UInt64
)
ENGINE = ReplacingMergeTree
ORDER BY (raw_topic, raw_partition, raw_offset)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS feed_replayed TO replayed AS
SELECT raw_topic, raw_partition, raw_offset
FROM incoming
WHERE change > 0 AND has(flags, 'replayed');
