-- Some profiles, always the same ones of the same profiles.
SELECT profile
FROM identity_profiles
WHERE tenant = {tenant:String} AND identifier = profile
ORDER BY sipHash64(profile), profile
LIMIT {limit:UInt32}
