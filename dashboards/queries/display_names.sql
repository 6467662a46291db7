-- The names of some profiles, by the newest row of each. Profiles without a name are left out.
SELECT identifier, traits['name'] AS name
FROM
(
    SELECT identifier, traits
    FROM profiles
    WHERE tenant = {tenant:String} AND identifier IN {identifiers:Array(String)}
    ORDER BY activity_offset DESC
    LIMIT 1 BY identifier
)
WHERE name != ''
