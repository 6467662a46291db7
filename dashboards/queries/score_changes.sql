-- The ranks of one profile after each hour that had a touch, newest first.
SELECT toUnixTimestamp(hour) * 1000 AS hour_ms, rank_pos, rank_neg
FROM score_history
WHERE tenant = {tenant:String} AND identifier = {profile:String} AND hour <= fromUnixTimestamp64Milli({until_ms:Int64}, 'UTC')
ORDER BY hour DESC, activity_offset DESC
LIMIT 1 BY hour
LIMIT {limit:UInt32}
