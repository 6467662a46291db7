-- Hours in which the rollup of calls differs from the events.
SELECT
    hour AS at, 'calls' AS channel,
    arrayStringConcat([type, direction, queue, agent, toString(waited_s)], '/') AS type,
    sum(n) AS touches, 0 AS bots, 0.0 AS weight,
    sum(t) AS talked, concat(toString(talked), ' ms of conversation') AS other,
    count() OVER () AS found
FROM
(
    SELECT
        toStartOfHour(toDateTime(occurred_at, 'UTC')) AS hour, direction, type, queue, agent,
        toInt32(multiIf(ifNull(wait_s, -1) <= 120, ceil(ifNull(wait_s, -1)),
            wait_s <= 1200, ceil(ifNull(wait_s, -1) / 10) * 10,
            least(ceil(ifNull(wait_s, -1) / 60) * 60, 86400))) AS waited_s,
        toInt64(1) AS n, toInt64(round(least(ifNull(duration_s, 0), 1e9) * 1000)) AS t
    FROM events FINAL
    WHERE tenant = {tenant:String} AND NOT beyond_window AND channel = 'calls'
    UNION ALL
    SELECT hour, direction, type, queue, agent, waited_s, -toInt64(touches), -toInt64(talked_ms)
    FROM calls_by_hour
    WHERE tenant = {tenant:String}
)
GROUP BY hour, direction, type, queue, agent, waited_s
HAVING touches != 0 OR talked != 0
ORDER BY hour, direction, type, queue, agent, waited_s
LIMIT {limit:UInt32}
