-- Touches come in here, as they did through `arrivals`, and rows with `change` -1 reach the rollups only. New names instead of
-- new queries of the former views: after MODIFY QUERY the engine does not recognise a repeated insert once it has been killed, and
-- the rollups would count it twice. `arrivals` and its views remain for workers of former versions, and get no new columns.
CREATE TABLE IF NOT EXISTS incoming AS arrivals ENGINE = Null;

CREATE MATERIALIZED VIEW IF NOT EXISTS feed_events TO events AS SELECT * FROM incoming WHERE change > 0;

-- A row of a rollup may count less than nothing: in UInt64 it is 2^64 less, and the sum with the rows before is right.
-- `touches_by_minute_of` and `touches_by_hour_of` remain for workers of former versions. `events` may lack a former revision that
-- the rollups have counted, so what a batch brings to them is computed from the batch itself (sinks/store/reconciliation.py).
CREATE MATERIALIZED VIEW IF NOT EXISTS feed_touches_by_minute TO touches_by_minute AS
SELECT
    tenant,
    toStartOfMinute(toDateTime(occurred_at, 'UTC')) AS minute,
    channel,
    type,
    sum(sign(change)) AS touches,
    sumIf(sign(change), bot) AS bots,
    sum(sign(change) * weight) AS weight,
    maxMap(map(activity_partition, activity_offset + 1)) AS upto
FROM incoming
WHERE NOT beyond_window
GROUP BY tenant, minute, channel, type;

CREATE MATERIALIZED VIEW IF NOT EXISTS feed_touches_by_hour TO touches_by_hour AS
SELECT
    tenant,
    toStartOfHour(toDateTime(occurred_at, 'UTC')) AS hour,
    channel,
    type,
    lead_source,
    referrer_class,
    device,
    country,
    sum(sign(change)) AS touches,
    sumIf(sign(change), bot) AS bots,
    sum(sign(change) * weight) AS weight,
    maxMap(map(activity_partition, activity_offset + 1)) AS upto
FROM incoming
WHERE NOT beyond_window
GROUP BY tenant, hour, channel, type, lead_source, referrer_class, device, country;
