-- The newest rows of some identifiers that are profiles.
SELECT
    identifier, rank_pos, rank_neg, touches,
    toUnixTimestamp64Milli(last_seen) AS last_seen_ms,
    last_source, traits['name'] AS name
FROM
(
    SELECT identifier, parent, rank_pos, rank_neg, touches, last_seen, last_source, traits
    FROM profiles
    WHERE tenant = {tenant:String} AND identifier IN {identifiers:Array(String)}
    ORDER BY activity_offset DESC
    LIMIT 1 BY identifier
)
WHERE parent = ''
