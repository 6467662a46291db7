-- Calls of a range of hours: of all, by weekday and hour of a time zone, by queue, and by agent. `grouped` says which. Times of
-- waiting are those of calls whose waiting is known. A row of the rollup may take back calls of another, so they are added first.
SELECT
    grouping(weekday, queue, agent) AS grouped,
    weekday, hour_of_day, queue, agent,
    sum(n) AS calls,
    sumIf(n, type = 'answered') AS answered,
    sumIf(n, type = 'missed') AS missed,
    sumIf(n, type = 'abandoned') AS abandoned,
    sumIf(n, type = 'voicemail') AS voicemail,
    sumIf(n, type = 'answered' AND waited_s BETWEEN 0 AND {within_s:UInt32}) AS within,
    sumIf(n, waited_s >= 0) AS waits,
    quantilesExactWeightedIf(0.5, 0.9)(waited_s, n, waited_s >= 0) AS waited,
    sum(talked) AS talked_ms
FROM
(
    SELECT
        toDayOfWeek(hour, 0, {zone:String}) AS weekday, toHour(hour, {zone:String}) AS hour_of_day,
        type, queue, agent, waited_s,
        toUInt64(greatest(toInt64(sum(touches)), 0)) AS n, toInt64(sum(talked_ms)) AS talked
    FROM calls_by_hour
    WHERE tenant = {tenant:String} AND direction = {direction:String}
        AND hour >= toDateTime({from_s:UInt32}, 'UTC') AND hour < toDateTime({to_s:UInt32}, 'UTC')
    GROUP BY weekday, hour_of_day, type, queue, agent, waited_s
    HAVING n > 0
)
GROUP BY GROUPING SETS ((), (weekday, hour_of_day), (queue), (agent))
ORDER BY grouped, calls DESC, weekday, hour_of_day, queue, agent
LIMIT {limit:UInt32} BY grouped
