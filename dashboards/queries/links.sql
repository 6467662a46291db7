-- The parents of identifiers, both as the hashes by which `events` is ordered.
SELECT identifier_id AS child, parent_id AS above
FROM identities FINAL
WHERE tenant = {tenant:String} AND parent_id != 0
