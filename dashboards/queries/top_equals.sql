-- The rows with one key, by identifier, without merging. They are read in the order of the table, until there are enough.
SELECT
    identifier, activity_offset, _part AS part, net_key AS key, rank_pos AS pos, rank_neg AS neg, touches,
    toUnixTimestamp64Milli(last_seen) AS last_seen_ms,
    first_source, last_source, country, device, traits, rank_pos_by, rank_neg_by
FROM profiles
WHERE tenant = {tenant:String} AND parent = '' AND net_key = {key:Float64}
ORDER BY identifier
LIMIT {limit:UInt32}
