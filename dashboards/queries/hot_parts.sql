-- The ranks by channel of some profiles, by the newest row of each.
SELECT identifier, rank_pos_by, rank_neg_by
FROM profiles
WHERE tenant = {tenant:String} AND identifier IN {identifiers:Array(String)}
ORDER BY activity_offset DESC
LIMIT 1 BY identifier
