-- The offset of the newest row of each of some identifiers.
SELECT identifier, max(activity_offset) AS newest
FROM profiles
WHERE tenant = {tenant:String} AND identifier IN {identifiers:Array(String)}
GROUP BY identifier
