-- Touches, bots and points by channel and type in the hours of a range.
SELECT channel, type, toInt64(sum(t.touches)) AS touches, toInt64(sum(t.bots)) AS bots, sum(t.weight) AS weight
FROM touches_by_day AS t
WHERE tenant = {tenant:String}
    AND day BETWEEN toDate(toDateTime({from_s:UInt32}, 'UTC')) AND toDate(toDateTime({to_s:UInt32}, 'UTC'))
    AND hour >= toDateTime({from_s:UInt32}, 'UTC') AND hour < toDateTime({to_s:UInt32}, 'UTC')
GROUP BY channel, type
HAVING touches != 0
ORDER BY touches DESC, channel, type
LIMIT {limit:UInt32}
