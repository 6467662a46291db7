-- The newest row of each of some identifiers.
SELECT identifier, parent, toUnixTimestamp64Milli(since) AS since_ms, why, conflicts
FROM identities
WHERE tenant = {tenant:String} AND identifier IN {identifiers:Array(String)}
ORDER BY activity_offset DESC
LIMIT 1 BY identifier
