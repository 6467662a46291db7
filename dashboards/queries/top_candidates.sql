-- The rows with the highest keys, at most `most`, without merging: an identifier may have several rows, old ones included. The
-- columns that are not ordered by are read of the returned rows only.
SELECT
    identifier, activity_offset, _part AS part, net_key AS key, rank_pos AS pos, rank_neg AS neg, touches,
    toUnixTimestamp64Milli(last_seen) AS last_seen_ms,
    first_source, last_source, country, device, traits, rank_pos_by, rank_neg_by
FROM profiles
WHERE tenant = {tenant:String} AND parent = '' AND net_key > -1e300 AND net_key <= {most:Float64}
ORDER BY net_key DESC
LIMIT {limit:UInt32}
