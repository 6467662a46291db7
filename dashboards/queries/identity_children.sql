-- Who may belong to some identifiers directly. A child that left is still listed: look it up in `identities`.
SELECT DISTINCT identifier
FROM identity_children
WHERE tenant = {tenant:String} AND parent IN {parents:Array(String)}
ORDER BY identifier
