-- Touches by step and channel, where the steps do not begin with hours. `starts` are their beginnings in seconds, ascending.
SELECT
    roundDown(toUnixTimestamp(minute), {starts:Array(UInt32)}) AS start_s, channel,
    toInt64(sum(touches)) AS touches, toInt64(sum(bots)) AS bots
FROM touches_by_minute
WHERE tenant = {tenant:String}
    AND minute >= toDateTime({from_s:UInt32}, 'UTC') AND minute < toDateTime({to_s:UInt32}, 'UTC')
GROUP BY start_s, channel
ORDER BY channel, start_s
