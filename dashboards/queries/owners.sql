-- The identifiers of a slice of all profiles, or of some profiles, with their profiles.
SELECT identifier, profile
FROM identity_profiles
WHERE tenant = {tenant:String}
    AND cityHash64(profile) % {slices:UInt32} = {slice:UInt32}
    AND (empty({profiles:Array(String)}) OR profile IN {profiles:Array(String)})
