-- Minutes in which the rollup differs from the events.
SELECT minute AS at, channel, type, sum(n) AS touches, sum(b) AS bots, sum(w) AS weight, '' AS other, count() OVER () AS found
FROM
(
    SELECT toStartOfMinute(toDateTime(occurred_at, 'UTC')) AS minute, channel, type, toInt64(1) AS n, toInt64(bot) AS b, weight AS w
    FROM events FINAL
    WHERE tenant = {tenant:String} AND NOT beyond_window
    UNION ALL
    SELECT minute, channel, type, -toInt64(touches), -toInt64(bots), -weight
    FROM touches_by_minute
    WHERE tenant = {tenant:String}
)
GROUP BY minute, channel, type
HAVING touches != 0 OR bots != 0 OR abs(weight) > 1e-9 * (1 + sum(abs(w)))
ORDER BY minute, channel, type
LIMIT {limit:UInt32}
