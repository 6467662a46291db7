-- The newest row of some identifiers and of all that are or were one or two links below them. `identity_children` lists former
-- children, too.
SELECT identifier, parent, toUnixTimestamp64Milli(since) AS since_ms, why, conflicts
FROM identities
WHERE tenant = {tenant:String} AND identifier IN (
    SELECT arrayJoin({identifiers:Array(String)})
    UNION ALL
    SELECT identifier FROM identity_children
    WHERE tenant = {tenant:String} AND parent IN {identifiers:Array(String)}
    UNION ALL
    SELECT identifier FROM identity_children
    WHERE tenant = {tenant:String} AND parent IN (
        SELECT identifier FROM identity_children
        WHERE tenant = {tenant:String} AND parent IN {identifiers:Array(String)})
)
ORDER BY activity_offset DESC
LIMIT 1 BY identifier
