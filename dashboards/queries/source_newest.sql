-- The newest arrival of each source since a time.
SELECT channel, source, toUnixTimestamp64Milli(max(newest)) AS newest_ms
FROM quality_by_hour
WHERE tenant = {tenant:String} AND hour >= toDateTime({from_s:UInt32}, 'UTC')
GROUP BY channel, source
ORDER BY newest_ms DESC, channel, source
LIMIT {limit:UInt32}
