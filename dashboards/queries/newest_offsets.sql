-- The offset of the newest row of each of some identifiers. Those `inside` a merged part, which has one row of each, are looked for
-- in all other parts: reading the rows of an identifier takes longer than reading those with the highest keys.
SELECT identifier, max(activity_offset) AS newest
FROM
(
    SELECT identifier, activity_offset
    FROM profiles
    WHERE tenant = {tenant:String} AND identifier IN {inside:Array(String)} AND _part != {part:String}
    UNION ALL
    SELECT identifier, activity_offset
    FROM profiles
    WHERE tenant = {tenant:String} AND identifier IN {others:Array(String)}
)
GROUP BY identifier
