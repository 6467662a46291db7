-- The profiles of some hashes, with the name that the newest row of each has.
SELECT profile_id, identifier, traits['name'] AS name
FROM
(
    SELECT cityHash64(identifier) AS profile_id, identifier, traits
    FROM profiles
    WHERE tenant = {tenant:String} AND cityHash64(identifier) IN {profile_ids:Array(UInt64)}
    ORDER BY activity_offset DESC
    LIMIT 1 BY identifier
)
