-- The same checksum over the stored sessions.
SELECT
    profile,
    count() AS sessions,
    groupBitXor(cityHash64(
        toUnixTimestamp64Milli(started_at), toUnixTimestamp64Milli(ended_at), toUInt64(touches), identifiers)) AS print
FROM sessions
WHERE tenant = {tenant:String}
    AND cityHash64(profile) % {slices:UInt32} = {slice:UInt32}
    AND (empty({profiles:Array(String)}) OR profile IN {profiles:Array(String)})
GROUP BY profile
