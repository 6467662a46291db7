-- The rows of `score_history` before an hour with the highest keys, without merging: an identifier has a row for each hour with a
-- touch, and may have several of one.
SELECT identifier, net_key AS key
FROM score_history
WHERE tenant = {tenant:String} AND parent = '' AND net_key > -1e300
    AND hour < fromUnixTimestamp64Milli({before_ms:Int64}, 'UTC')
ORDER BY net_key DESC, if({ordered:Bool}, identifier, '')
LIMIT {limit:UInt32}
