-- More rollups, each fed from `incoming` by a view of its own and declared in sinks/store/rollups.py. They count from this migration
-- on; `touchline rebuild` adds what was stored before. A rollup and the query of its view are never changed: the engine would not
-- recognise a repeated insert any more (019_incoming.sql).

-- Sums by UTC day and its hours, with few dimensions: a year is read at once, also by days of another time zone.
CREATE TABLE IF NOT EXISTS touches_by_day
(
    tenant  LowCardinality(String),
    day     Date,
    hour    DateTime('UTC'),
    channel LowCardinality(String),
    type    LowCardinality(String),
    touches SimpleAggregateFunction(sum, UInt64),
    bots    SimpleAggregateFunction(sum, UInt64),
    weight  SimpleAggregateFunction(sum, Float64),
    upto    SimpleAggregateFunction(maxMap, Map(UInt16, UInt64))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYear(day)
ORDER BY (tenant, day, hour, channel, type)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS feed_touches_by_day TO touches_by_day AS
SELECT
    tenant,
    toDate(occurred_at, 'UTC') AS day,
    toStartOfHour(toDateTime(occurred_at, 'UTC')) AS hour,
    channel,
    type,
    sum(sign(change)) AS touches,
    sum(sign(change) * toInt64(bot)) AS bots,
    sum(sign(change) * weight) AS weight,
    maxMap(map(activity_partition, activity_offset + 1)) AS upto
FROM incoming
WHERE NOT beyond_window
GROUP BY tenant, day, hour, channel, type;

-- Touches that came by a campaign, a network, a search or another site, or belong to a mailing. `people` and `identified` are sets
-- of identifiers: they forgive a touch that is added again, and a revision takes nobody out.
CREATE TABLE IF NOT EXISTS campaigns_by_day
(
    tenant          LowCardinality(String),
    day             Date,
    channel         LowCardinality(String),
    lead_source     LowCardinality(String),
    referrer_class  LowCardinality(String),
    campaign_source LowCardinality(String),
    campaign_medium LowCardinality(String),
    campaign_name   LowCardinality(String),
    campaign        LowCardinality(String),
    click_id_kind   LowCardinality(String),
    touches         SimpleAggregateFunction(sum, UInt64),
    bots            SimpleAggregateFunction(sum, UInt64),
    weight          SimpleAggregateFunction(sum, Float64),
    forms           SimpleAggregateFunction(sum, UInt64),
    people          AggregateFunction(uniqCombined, UInt64),
    identified      AggregateFunction(uniqCombined, UInt64),
    upto            SimpleAggregateFunction(maxMap, Map(UInt16, UInt64))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYear(day)
ORDER BY (
    tenant, day, channel, lead_source, referrer_class, campaign_source, campaign_medium, campaign_name, campaign, click_id_kind)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS feed_campaigns_by_day TO campaigns_by_day AS
SELECT
    tenant,
    toDate(occurred_at, 'UTC') AS day,
    channel,
    lead_source,
    referrer_class,
    campaign_source,
    campaign_medium,
    campaign_name,
    campaign,
    click_id_kind,
    sum(sign(change)) AS touches,
    sum(sign(change) * toInt64(bot)) AS bots,
    sum(sign(change) * weight) AS weight,
    sum(sign(change) * toInt64(type = 'form' AND NOT bot)) AS forms,
    uniqCombinedStateIf(cityHash64(folded_into), change > 0 AND folded_into != '' AND NOT bot) AS people,
    uniqCombinedStateIf(cityHash64(folded_into), change > 0 AND folded_into != '' AND NOT bot
        AND NOT startsWith(folded_into, 'anonymous_id:')) AS identified,
    maxMap(map(activity_partition, activity_offset + 1)) AS upto
FROM incoming
WHERE NOT beyond_window AND (lead_source != '' OR campaign_name != '' OR campaign != '')
GROUP BY
    tenant, day, channel, lead_source, referrer_class, campaign_source, campaign_medium, campaign_name, campaign, click_id_kind;

-- Calls by how long the customer waited: `waited_s` is rounded up, to seconds in the first two minutes, then to 10 s, after 20
-- minutes to 60 s; -1 where it is unknown. So quantiles come from counts, from which a revision can be taken back.
CREATE TABLE IF NOT EXISTS calls_by_hour
(
    tenant    LowCardinality(String),
    hour      DateTime('UTC'),
    direction LowCardinality(String),
    type      LowCardinality(String),
    queue     LowCardinality(String),
    agent     LowCardinality(String),
    waited_s  Int32,
    touches   SimpleAggregateFunction(sum, UInt64),
    talked_ms SimpleAggregateFunction(sum, UInt64),
    upto      SimpleAggregateFunction(maxMap, Map(UInt16, UInt64))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYear(hour)
ORDER BY (tenant, hour, direction, type, queue, agent, waited_s)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS feed_calls_by_hour TO calls_by_hour AS
SELECT
    tenant,
    toStartOfHour(toDateTime(occurred_at, 'UTC')) AS hour,
    direction,
    type,
    queue,
    agent,
    toInt32(multiIf(ifNull(wait_s, -1) <= 120, ceil(ifNull(wait_s, -1)),
        wait_s <= 1200, ceil(ifNull(wait_s, -1) / 10) * 10,
        least(ceil(ifNull(wait_s, -1) / 60) * 60, 86400))) AS waited_s,
    sum(sign(change)) AS touches,
    sum(sign(change) * toInt64(round(least(ifNull(duration_s, 0), 1e9) * 1000))) AS talked_ms,
    maxMap(map(activity_partition, activity_offset + 1)) AS upto
FROM incoming
WHERE NOT beyond_window AND channel = 'calls'
GROUP BY tenant, hour, direction, type, queue, agent, waited_s;

-- What arrived, by the hour of its arrival, and what was noticed about it. Touches beyond the dedupe window are counted apart.
CREATE TABLE IF NOT EXISTS quality_by_hour
(
    tenant             LowCardinality(String),
    hour               DateTime('UTC'),
    channel            LowCardinality(String),
    source             LowCardinality(String),
    flagged            LowCardinality(String),
    touches            SimpleAggregateFunction(sum, UInt64),
    bots               SimpleAggregateFunction(sum, UInt64),
    late               SimpleAggregateFunction(sum, UInt64),
    anonymous          SimpleAggregateFunction(sum, UInt64),
    without_identifier SimpleAggregateFunction(sum, UInt64),
    beyond             SimpleAggregateFunction(sum, UInt64),
    newest             SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
    upto               SimpleAggregateFunction(maxMap, Map(UInt16, UInt64))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYear(hour)
ORDER BY (tenant, hour, channel, source, flagged)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS feed_quality_by_hour TO quality_by_hour AS
SELECT
    tenant,
    toStartOfHour(toDateTime(received_at, 'UTC')) AS hour,
    channel,
    source,
    arrayStringConcat(arraySort(flags), ' ') AS flagged,
    sum(sign(change) * toInt64(NOT beyond_window)) AS touches,
    sum(sign(change) * toInt64(bot AND NOT beyond_window)) AS bots,
    sum(sign(change) * toInt64(too_late AND NOT beyond_window)) AS late,
    sum(sign(change) * toInt64(startsWith(folded_into, 'anonymous_id:') AND NOT beyond_window)) AS anonymous,
    sum(sign(change) * toInt64(folded_into = '' AND NOT beyond_window)) AS without_identifier,
    sum(sign(change) * toInt64(beyond_window)) AS beyond,
    maxIf(received_at, change > 0) AS newest,
    maxMap(map(activity_partition, activity_offset + 1)) AS upto
FROM incoming
GROUP BY tenant, hour, channel, source, flagged;
