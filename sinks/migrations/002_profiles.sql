-- The newest summary of every identifier; those without a parent are the profiles. One identifier's rows come from one
-- activity partition, so its offsets say which row is newest.
CREATE TABLE IF NOT EXISTS profiles
(
    tenant             LowCardinality(String),
    identifier         String,
    parent             String,
    touches            UInt64,
    bots               UInt64,
    identifiers        UInt32,
    first_seen         DateTime64(3, 'UTC'),
    last_seen          DateTime64(3, 'UTC'),
    touches_by         Map(LowCardinality(String), UInt64),
    rank_pos           Float64,
    rank_neg           Float64,
    rank_pos_by        Map(LowCardinality(String), Float64),
    rank_neg_by        Map(LowCardinality(String), Float64),
    first_source       String,
    first_medium       LowCardinality(String),
    first_campaign     String,
    first_page         String,
    last_source        String,
    last_medium        LowCardinality(String),
    last_campaign      String,
    last_page          String,
    traits             Map(String, String),
    country            LowCardinality(String),
    device             LowCardinality(String),
    rules_version      LowCardinality(String),
    activity_partition UInt16,
    activity_offset    UInt64,
    -- Orders profiles by score at any instant; -1e300: nothing, or not above zero.
    net_key            Float64 MATERIALIZED
        if(rank_pos > rank_neg, rank_pos + log2(1 - exp2(rank_neg - rank_pos)), -1e300),
    INDEX net_key_range net_key TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(activity_offset)
ORDER BY (tenant, identifier)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS profiles_trial AS profiles ENGINE = Null;

-- How a score went: per identifier and hour (of its last touch, event time) the last ranks.
CREATE TABLE IF NOT EXISTS score_history
(
    tenant             LowCardinality(String),
    identifier         String,
    hour               DateTime('UTC'),
    parent             String,
    touches            UInt64,
    rank_pos           Float64,
    rank_neg           Float64,
    net_key            Float64 MATERIALIZED
        if(rank_pos > rank_neg, rank_pos + log2(1 - exp2(rank_neg - rank_pos)), -1e300),
    rules_version      LowCardinality(String),
    activity_partition UInt16,
    activity_offset    UInt64
)
ENGINE = ReplacingMergeTree(activity_offset)
ORDER BY (tenant, identifier, hour)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS score_history_feed TO score_history AS
SELECT
    tenant,
    identifier,
    toStartOfHour(toDateTime(last_seen, 'UTC')) AS hour,
    parent,
    touches,
    rank_pos,
    rank_neg,
    rules_version,
    activity_partition,
    activity_offset
FROM profiles;
