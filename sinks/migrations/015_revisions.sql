-- A revision of a touch: its row replaces the former one, and a second row with `change` -1 takes that out of the rollups.
ALTER TABLE events
    ADD COLUMN IF NOT EXISTS revision UInt64 AFTER raw_offset,
    ADD COLUMN IF NOT EXISTS change Int8 DEFAULT 1 AFTER beyond_window;

ALTER TABLE events_trial
    ADD COLUMN IF NOT EXISTS revision UInt64 AFTER raw_offset,
    ADD COLUMN IF NOT EXISTS change Int8 DEFAULT 1 AFTER beyond_window;

ALTER TABLE arrivals
    ADD COLUMN IF NOT EXISTS revision UInt64 AFTER raw_offset,
    ADD COLUMN IF NOT EXISTS change Int8 DEFAULT 1 AFTER beyond_window;

-- A row of a rollup may count less than nothing until it is merged with those before.
ALTER TABLE touches_by_minute
    MODIFY COLUMN touches SimpleAggregateFunction(sum, Int64),
    MODIFY COLUMN bots SimpleAggregateFunction(sum, Int64);

ALTER TABLE touches_by_hour
    MODIFY COLUMN touches SimpleAggregateFunction(sum, Int64),
    MODIFY COLUMN bots SimpleAggregateFunction(sum, Int64);

ALTER TABLE events_feed MODIFY QUERY SELECT * FROM arrivals WHERE change > 0;

-- `touches_by_minute_of` and `touches_by_hour_of` remain for workers of former versions. `events` may lack a former revision that
-- the rollups have counted, so what a batch brings to them is computed from the batch itself (sinks/store/reconciliation.py).
ALTER TABLE touches_by_minute_feed MODIFY QUERY
SELECT
    tenant,
    toStartOfMinute(toDateTime(occurred_at, 'UTC')) AS minute,
    channel,
    type,
    sum(sign(change)) AS touches,
    sumIf(sign(change), bot) AS bots,
    sum(sign(change) * weight) AS weight,
    maxMap(map(activity_partition, activity_offset + 1)) AS upto
FROM arrivals
WHERE NOT beyond_window
GROUP BY tenant, minute, channel, type;

ALTER TABLE touches_by_hour_feed MODIFY QUERY
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
FROM arrivals
WHERE NOT beyond_window
GROUP BY tenant, hour, channel, type, lead_source, referrer_class, device, country;
