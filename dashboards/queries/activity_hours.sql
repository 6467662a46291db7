-- Touches by step and channel. `starts` are the beginnings of the steps in seconds, ascending; each is the beginning of an hour.
SELECT
    roundDown(toUnixTimestamp(hour), {starts:Array(UInt32)}) AS start_s, channel,
    toInt64(sum(touches)) AS touches, toInt64(sum(bots)) AS bots
FROM touches_by_day
WHERE tenant = {tenant:String}
    AND day BETWEEN toDate(toDateTime({from_s:UInt32}, 'UTC')) AND toDate(toDateTime({to_s:UInt32}, 'UTC'))
    AND hour >= toDateTime({from_s:UInt32}, 'UTC') AND hour < toDateTime({to_s:UInt32}, 'UTC')
GROUP BY start_s, channel
ORDER BY channel, start_s
