-- The result of each `touchline audit` that ran with an address that may write: what was compared, and what differed.
CREATE TABLE IF NOT EXISTS audits
(
    finished_at DateTime64(3, 'UTC'),
    started_at  DateTime64(3, 'UTC'),
    tenant      LowCardinality(String),
    sampled     Bool,    -- of some profiles only
    profiles    UInt64,  -- that were compared
    touches     UInt64,
    sessions    UInt64,
    differences UInt64,  -- profiles, orphans, repeats, page times and rows of rollups that are wrong
    drift       Float64  -- largest relative difference of a score
)
ENGINE = MergeTree
ORDER BY (tenant, finished_at)
TTL toDateTime(finished_at, 'UTC') + INTERVAL 2 YEAR
SETTINGS non_replicated_deduplication_window = 10000;
