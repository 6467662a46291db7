-- Touches by step and channel, where few steps begin within an hour: `hours` are those hours, and only they are read by the minute.
-- All times are in seconds; `starts` are the beginnings of the steps, ascending.
SELECT
    roundDown(at_s, {starts:Array(UInt32)}) AS start_s, channel,
    toInt64(sum(n)) AS touches, toInt64(sum(by_bots)) AS bots
FROM
(
    SELECT toUnixTimestamp(hour) AS at_s, channel, touches AS n, bots AS by_bots
    FROM touches_by_day
    WHERE tenant = {tenant:String}
        AND day BETWEEN toDate(toDateTime({from_s:UInt32}, 'UTC')) AND toDate(toDateTime({to_s:UInt32}, 'UTC'))
        AND hour >= toDateTime({from_s:UInt32}, 'UTC') AND hour < toDateTime({to_s:UInt32}, 'UTC')
        AND hour NOT IN {hours:Array(UInt32)}
    UNION ALL
    SELECT toUnixTimestamp(minute), channel, touches, bots
    FROM touches_by_minute
    WHERE tenant = {tenant:String} AND toStartOfHour(minute) IN {hours:Array(UInt32)}
        AND minute >= toDateTime({from_s:UInt32}, 'UTC') AND minute < toDateTime({to_s:UInt32}, 'UTC')
)
GROUP BY start_s, channel
ORDER BY channel, start_s
