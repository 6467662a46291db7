-- The parents of identifiers, both as the hashes by which `events` is ordered.
SELECT cityHash64(identifier) AS child, cityHash64(parent) AS above
FROM identities FINAL
WHERE tenant = {tenant:String} AND parent != ''
