-- The sessions of one profile, newest first, and their number.
SELECT
    toUnixTimestamp64Milli(started_at) AS started_ms,
    toUnixTimestamp64Milli(ended_at) AS ended_ms,
    touches, landing_page, source, identifiers,
    count() OVER () AS sessions
FROM sessions_of(tenant = {tenant:String}, profile = {profile:String}, identifiers = {identifiers:Array(String)})
ORDER BY started_ms DESC, ended_ms DESC
LIMIT {limit:UInt32}
