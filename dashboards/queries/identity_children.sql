-- Possible direct children of some identifiers. Former children are still listed: check their rows in `identities`.
SELECT DISTINCT identifier
FROM identity_children
WHERE tenant = {tenant:String} AND parent IN {parents:Array(String)}
ORDER BY identifier
