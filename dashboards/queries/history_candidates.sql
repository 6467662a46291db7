-- The rows of `score_history` before an hour with the highest keys, at most `most`, without merging: an identifier has a row for
-- each hour with a touch, of which the newest counts.
SELECT identifier, hour, activity_offset, net_key AS key, rank_pos AS pos, rank_neg AS neg, touches
FROM score_history
WHERE tenant = {tenant:String} AND parent = '' AND net_key > -1e300 AND net_key <= {most:Float64}
    AND hour < fromUnixTimestamp64Milli({before_ms:Int64}, 'UTC')
ORDER BY net_key DESC, if({ordered:Bool}, identifier, '')
LIMIT {limit:UInt32}
