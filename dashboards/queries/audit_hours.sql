-- Hours in which the rollup differs from the events.
SELECT
    hour AS at, channel, type, lead_source, referrer_class, device, country,
    sum(n) AS touches, sum(b) AS bots, sum(w) AS weight, '' AS other, count() OVER () AS found
FROM
(
    SELECT
        toStartOfHour(toDateTime(occurred_at, 'UTC')) AS hour, channel, type, lead_source, referrer_class, device, country,
        toInt64(1) AS n, toInt64(bot) AS b, weight AS w
    FROM events FINAL
    WHERE tenant = {tenant:String} AND NOT beyond_window
    UNION ALL
    SELECT hour, channel, type, lead_source, referrer_class, device, country, -toInt64(touches), -toInt64(bots), -weight
    FROM touches_by_hour
    WHERE tenant = {tenant:String}
)
GROUP BY hour, channel, type, lead_source, referrer_class, device, country
HAVING touches != 0 OR bots != 0 OR abs(weight) > 1e-9 * (1 + sum(abs(w)))
ORDER BY hour, channel, type
LIMIT {limit:UInt32}
