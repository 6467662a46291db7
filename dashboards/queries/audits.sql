-- The last audits, newest first. They are few.
SELECT
    toUnixTimestamp64Milli(started_at) AS started_ms, toUnixTimestamp64Milli(finished_at) AS finished_ms,
    sampled, profiles, touches, sessions, differences, drift
FROM audits
WHERE tenant = {tenant:String}
ORDER BY audits.finished_at DESC
LIMIT {limit:UInt32}
