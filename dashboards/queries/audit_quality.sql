-- Hours of arrival in which the rollup differs from the events. Of touches beyond the dedupe window the rollup counts every
-- arrival, and the events have repeats once.
SELECT
    hour AS at, channel, concat(source, '/', flagged) AS type,
    sum(n) AS touches, sum(b) AS bots, 0.0 AS weight,
    sum(l) AS lates, sum(a) AS anonymous_ones, sum(w) AS withouts, sum(x) AS beyonds,
    concat(toString(lates), ' late, ', toString(anonymous_ones), ' anonymous, ', toString(withouts), ' without identifier, ',
        toString(beyonds), ' beyond the window') AS other,
    count() OVER () AS found
FROM
(
    SELECT
        toStartOfHour(toDateTime(received_at, 'UTC')) AS hour, channel, source,
        arrayStringConcat(arraySort(flags), ' ') AS flagged,
        toInt64(NOT beyond_window) AS n,
        toInt64(bot AND NOT beyond_window) AS b,
        toInt64(too_late AND NOT beyond_window) AS l,
        toInt64(startsWith(folded_into, 'anonymous_id:') AND NOT beyond_window) AS a,
        toInt64(folded_into = '' AND NOT beyond_window) AS w,
        toInt64(beyond_window) AS x,
        received_at AS recounted_newest,
        toDateTime64(0, 3, 'UTC') AS stored_newest
    FROM events FINAL
    WHERE tenant = {tenant:String}
    UNION ALL
    SELECT
        hour, channel, source, flagged,
        -toInt64(touches), -toInt64(bots), -toInt64(late), -toInt64(anonymous), -toInt64(without_identifier), -toInt64(beyond),
        toDateTime64(0, 3, 'UTC'), newest
    FROM quality_by_hour
    WHERE tenant = {tenant:String}
)
GROUP BY hour, channel, source, flagged
HAVING touches != 0 OR bots != 0 OR lates != 0 OR anonymous_ones != 0 OR withouts != 0 OR beyonds > 0
    OR max(recounted_newest) > max(stored_newest)
ORDER BY hour, channel, source, flagged
LIMIT {limit:UInt32}
