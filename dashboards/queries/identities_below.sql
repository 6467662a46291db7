-- The newest row of some profiles and of all identifiers that are or were below them. `identity_children` lists former children,
-- too: those of a profile are reached from it by the `parent` of these rows.
WITH RECURSIVE below AS
(
    SELECT arrayJoin({profiles:Array(String)}) AS identifier
    UNION ALL
    SELECT child.identifier
    FROM identity_children AS child
    WHERE child.tenant = {tenant:String} AND child.parent IN (SELECT identifier FROM below)
)
SELECT identifier, parent, toUnixTimestamp64Milli(since) AS since_ms, why, conflicts
FROM identities
WHERE tenant = {tenant:String} AND identifier IN (SELECT identifier FROM below)
ORDER BY activity_offset DESC
LIMIT 1 BY identifier
