-- A plain MergeTree notes the token of an insert a moment before it has the rows. An engine killed in between takes the token
-- for done, and sending the block again adds nothing. So a block in doubt is looked for, table by table, and what is missing
-- is put into that table alone (sinks/doubt.py). For this, touches come in through a table that stores nothing, and every
-- rollup row remembers up to which activity offset each partition is counted in it.
CREATE TABLE IF NOT EXISTS arrivals AS events ENGINE = Null;

CREATE MATERIALIZED VIEW IF NOT EXISTS events_feed TO events AS SELECT * FROM arrivals;

DROP VIEW IF EXISTS touches_by_minute_feed;

DROP TABLE IF EXISTS touches_by_minute;

-- Rollups hold no personal data. Touches beyond the dedupe window may be repeats: they are counted nowhere.
CREATE TABLE IF NOT EXISTS touches_by_minute
(
    tenant  LowCardinality(String),
    minute  DateTime('UTC'),
    channel LowCardinality(String),
    type    LowCardinality(String),
    touches SimpleAggregateFunction(sum, UInt64),
    bots    SimpleAggregateFunction(sum, UInt64),
    weight  SimpleAggregateFunction(sum, Float64),
    upto    SimpleAggregateFunction(maxMap, Map(UInt16, UInt64))  -- activity partition -> last offset counted, plus 1
)
ENGINE = AggregatingMergeTree
PARTITION BY toYear(minute)
ORDER BY (tenant, minute, channel, type)
SETTINGS non_replicated_deduplication_window = 10000;

INSERT INTO touches_by_minute
SELECT
    tenant,
    toStartOfMinute(toDateTime(occurred_at, 'UTC')) AS minute,
    channel,
    type,
    count() AS touches,
    countIf(bot) AS bots,
    sum(weight) AS weight,
    maxMap(map(activity_partition, activity_offset + 1)) AS upto
FROM events FINAL
WHERE NOT beyond_window
GROUP BY tenant, minute, channel, type
SETTINGS max_partitions_per_insert_block = 0;

CREATE MATERIALIZED VIEW IF NOT EXISTS touches_by_minute_feed TO touches_by_minute AS
SELECT
    tenant,
    toStartOfMinute(toDateTime(occurred_at, 'UTC')) AS minute,
    channel,
    type,
    count() AS touches,
    countIf(bot) AS bots,
    sum(weight) AS weight,
    maxMap(map(activity_partition, activity_offset + 1)) AS upto
FROM arrivals
WHERE NOT beyond_window
GROUP BY tenant, minute, channel, type;

-- What some consecutive records of an activity partition bring to the rollup.
CREATE OR REPLACE VIEW touches_by_minute_of AS
SELECT
    tenant,
    toStartOfMinute(toDateTime(occurred_at, 'UTC')) AS minute,
    channel,
    type,
    count() AS touches,
    countIf(bot) AS bots,
    sum(weight) AS weight,
    maxMap(map(activity_partition, activity_offset + 1)) AS upto
FROM events
WHERE NOT beyond_window
    AND activity_partition = {partition:UInt16} AND activity_offset BETWEEN {first:UInt64} AND {last:UInt64}
GROUP BY tenant, minute, channel, type;

DROP VIEW IF EXISTS touches_by_hour_feed;

DROP TABLE IF EXISTS touches_by_hour;

CREATE TABLE IF NOT EXISTS touches_by_hour
(
    tenant         LowCardinality(String),
    hour           DateTime('UTC'),
    channel        LowCardinality(String),
    type           LowCardinality(String),
    lead_source    LowCardinality(String),
    referrer_class LowCardinality(String),
    device         LowCardinality(String),
    country        LowCardinality(String),
    touches        SimpleAggregateFunction(sum, UInt64),
    bots           SimpleAggregateFunction(sum, UInt64),
    weight         SimpleAggregateFunction(sum, Float64),
    upto           SimpleAggregateFunction(maxMap, Map(UInt16, UInt64))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYear(hour)
ORDER BY (tenant, hour, channel, type, lead_source, referrer_class, device, country)
SETTINGS non_replicated_deduplication_window = 10000;

INSERT INTO touches_by_hour
SELECT
    tenant,
    toStartOfHour(toDateTime(occurred_at, 'UTC')) AS hour,
    channel,
    type,
    lead_source,
    referrer_class,
    device,
    country,
    count() AS touches,
    countIf(bot) AS bots,
    sum(weight) AS weight,
    maxMap(map(activity_partition, activity_offset + 1)) AS upto
FROM events FINAL
WHERE NOT beyond_window
GROUP BY tenant, hour, channel, type, lead_source, referrer_class, device, country
SETTINGS max_partitions_per_insert_block = 0;

CREATE MATERIALIZED VIEW IF NOT EXISTS touches_by_hour_feed TO touches_by_hour AS
SELECT
    tenant,
    toStartOfHour(toDateTime(occurred_at, 'UTC')) AS hour,
    channel,
    type,
    lead_source,
    referrer_class,
    device,
    country,
    count() AS touches,
    countIf(bot) AS bots,
    sum(weight) AS weight,
    maxMap(map(activity_partition, activity_offset + 1)) AS upto
FROM arrivals
WHERE NOT beyond_window
GROUP BY tenant, hour, channel, type, lead_source, referrer_class, device, country;

CREATE OR REPLACE VIEW touches_by_hour_of AS
SELECT
    tenant,
    toStartOfHour(toDateTime(occurred_at, 'UTC')) AS hour,
    channel,
    type,
    lead_source,
    referrer_class,
    device,
    country,
    count() AS touches,
    countIf(bot) AS bots,
    sum(weight) AS weight,
    maxMap(map(activity_partition, activity_offset + 1)) AS upto
FROM events
WHERE NOT beyond_window
    AND activity_partition = {partition:UInt16} AND activity_offset BETWEEN {first:UInt64} AND {last:UInt64}
GROUP BY tenant, hour, channel, type, lead_source, referrer_class, device, country;
