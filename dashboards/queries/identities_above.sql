-- The newest row of each of some identifiers and of all above them.
WITH RECURSIVE above AS
(
    SELECT arrayJoin({identifiers:Array(String)}) AS identifier
    UNION ALL
    SELECT parent
    FROM
    (
        SELECT parent
        FROM identities
        WHERE tenant = {tenant:String} AND identifier IN (SELECT identifier FROM above)
        ORDER BY activity_offset DESC
        LIMIT 1 BY identifier
    )
    WHERE parent != ''
)
SELECT identifier, parent, toUnixTimestamp64Milli(since) AS since_ms, why, conflicts
FROM identities
WHERE tenant = {tenant:String} AND identifier IN (SELECT identifier FROM above)
ORDER BY activity_offset DESC
LIMIT 1 BY identifier
