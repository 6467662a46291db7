-- The identifier with a profile key. Read by the filter on the key, not by the primary key.
SELECT identifier
FROM identities
WHERE tenant = {tenant:String} AND profile_key = unhex({key:String})
LIMIT 1
