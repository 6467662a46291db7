-- Every touch once, in the order in which a customer's timeline is read. Partitioned by year: few parts, fast timelines.
CREATE TABLE IF NOT EXISTS events
(
    tenant             LowCardinality(String),
    event_id           String,
    channel            LowCardinality(String),
    type               LowCardinality(String),
    occurred_at        DateTime64(3, 'UTC'),
    source_at          DateTime64(3, 'UTC'),
    received_at        DateTime64(3, 'UTC'),
    flags              Array(LowCardinality(String)),
    identifiers        Array(String),
    ids                Map(LowCardinality(String), String),
    source             LowCardinality(String),
    schema_version     UInt8,
    raw_topic          LowCardinality(String),
    raw_partition      UInt16,
    raw_offset         UInt64,
    url                String,
    url_host           LowCardinality(String),
    url_path           String,
    referrer           String,
    referrer_host      LowCardinality(String),
    referrer_class     LowCardinality(String),
    title              String,
    user_agent         String,
    device             LowCardinality(String),
    os                 LowCardinality(String),
    browser            LowCardinality(String),
    bot                Bool,
    ip                 String,
    country            LowCardinality(String),
    screen             LowCardinality(String),
    engaged_ms         Nullable(Float64),
    campaign_source    LowCardinality(String),
    campaign_medium    LowCardinality(String),
    campaign_name      String,
    campaign_term      String,
    campaign_content   String,
    click_id           String,
    click_id_kind      LowCardinality(String),
    lead_source        LowCardinality(String),
    direction          LowCardinality(String),
    message_id         String,
    subject            String,
    campaign           String,
    link_url           String,
    duration_s         Nullable(Float64),
    wait_s             Nullable(Float64),
    outcome            LowCardinality(String),
    agent              LowCardinality(String),
    queue              LowCardinality(String),
    properties         Map(String, String),
    rule               LowCardinality(String),
    cap                UInt32,
    cap_value          String,
    rules_version      LowCardinality(String),
    folded_into        String,
    weight             Float64,
    too_late           Bool,
    beyond_window      Bool,
    activity_partition UInt16,
    activity_offset    UInt64,
    folded_id          UInt64 MATERIALIZED cityHash64(folded_into)  -- short to order by; readers compare folded_into, too
)
ENGINE = ReplacingMergeTree
PARTITION BY toYear(occurred_at)
ORDER BY (tenant, folded_id, occurred_at, event_id, channel, beyond_window)
SETTINGS non_replicated_deduplication_window = 10000;

-- The same columns and no storage: which row of a refused insert is at fault is tried here.
CREATE TABLE IF NOT EXISTS events_trial AS events ENGINE = Null;

-- Touches come in through a table that stores nothing and feeds `events` and the rollups: so each of them can be completed by
-- itself (sinks/store/reconciliation.py). A plain MergeTree notes the token of an insert a moment before it has the rows; an engine killed in
-- between takes the token for done, and sending the block again adds nothing. The columns are those of `events` as plain strings:
-- to look each value up in a dictionary while reading a row takes longer than to do it for a whole block on the way on.
CREATE TABLE IF NOT EXISTS arrivals
(
    tenant             String,
    event_id           String,
    channel            String,
    type               String,
    occurred_at        DateTime64(3, 'UTC'),
    source_at          DateTime64(3, 'UTC'),
    received_at        DateTime64(3, 'UTC'),
    flags              Array(String),
    identifiers        Array(String),
    ids                Map(String, String),
    source             String,
    schema_version     UInt8,
    raw_topic          String,
    raw_partition      UInt16,
    raw_offset         UInt64,
    url                String,
    url_host           String,
    url_path           String,
    referrer           String,
    referrer_host      String,
    referrer_class     String,
    title              String,
    user_agent         String,
    device             String,
    os                 String,
    browser            String,
    bot                Bool,
    ip                 String,
    country            String,
    screen             String,
    engaged_ms         Nullable(Float64),
    campaign_source    String,
    campaign_medium    String,
    campaign_name      String,
    campaign_term      String,
    campaign_content   String,
    click_id           String,
    click_id_kind      String,
    lead_source        String,
    direction          String,
    message_id         String,
    subject            String,
    campaign           String,
    link_url           String,
    duration_s         Nullable(Float64),
    wait_s             Nullable(Float64),
    outcome            String,
    agent              String,
    queue              String,
    properties         Map(String, String),
    rule               String,
    cap                UInt32,
    cap_value          String,
    rules_version      String,
    folded_into        String,
    weight             Float64,
    too_late           Bool,
    beyond_window      Bool,
    activity_partition UInt16,
    activity_offset    UInt64
)
ENGINE = Null;

CREATE MATERIALIZED VIEW IF NOT EXISTS events_feed TO events AS SELECT * FROM arrivals;

-- Rollups hold no personal data. Touches beyond the dedupe window may be repeats: they are counted nowhere. Each row remembers
-- up to which activity offset every partition is counted in it.
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

-- What some consecutive records of an activity partition bring to the rollup. A row that was put in twice, and is not merged yet,
-- counts once.
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
FROM
(
    SELECT * FROM events
    WHERE NOT beyond_window
        AND activity_partition = {partition:UInt16} AND activity_offset BETWEEN {first:UInt64} AND {last:UInt64}
    LIMIT 1 BY activity_offset
)
GROUP BY tenant, minute, channel, type;

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
FROM
(
    SELECT * FROM events
    WHERE NOT beyond_window
        AND activity_partition = {partition:UInt16} AND activity_offset BETWEEN {first:UInt64} AND {last:UInt64}
    LIMIT 1 BY activity_offset
)
GROUP BY tenant, hour, channel, type, lead_source, referrer_class, device, country;
