-- What arrived in the hours of a range: by day of a time zone, by flags, and by channel and source. `grouped` says which.
SELECT
    grouping(day, flagged, channel) AS grouped,
    toDate(hour, {zone:String}) AS day, flagged, channel, source,
    toInt64(sum(q.touches)) AS touches,
    toInt64(sum(q.bots)) AS bots,
    toInt64(sum(q.late)) AS late,
    toInt64(sum(q.anonymous)) AS anonymous,
    toInt64(sum(q.without_identifier)) AS without_identifier,
    toInt64(sum(q.beyond)) AS beyond
FROM quality_by_hour AS q
WHERE tenant = {tenant:String}
    AND hour >= toDateTime({from_s:UInt32}, 'UTC') AND hour < toDateTime({to_s:UInt32}, 'UTC')
GROUP BY GROUPING SETS ((day), (flagged), (channel, source))
HAVING touches != 0 OR beyond != 0
ORDER BY grouped, day, touches DESC, flagged, channel, source
LIMIT {limit:UInt32} BY grouped
