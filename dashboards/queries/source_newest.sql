-- The newest arrival of each source, over all times.
SELECT channel, source, toUnixTimestamp64Milli(max(newest)) AS newest_ms
FROM quality_by_hour
WHERE tenant = {tenant:String}
GROUP BY channel, source
ORDER BY newest_ms DESC, channel, source
LIMIT {limit:UInt32}
