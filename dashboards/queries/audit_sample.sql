-- A sample of profiles, always the same.
SELECT profile
FROM identity_profiles
WHERE tenant = {tenant:String} AND identifier = profile
ORDER BY sipHash64(profile), profile
LIMIT {limit:UInt32}
