-- Stored summaries of the identifiers of a slice, or of some identifiers. Rows with a parent are not profiles.
SELECT
    identifier, parent, bots, identifiers,
    toUnixTimestamp64Milli(first_seen) AS first_ms,
    toUnixTimestamp64Milli(last_seen) AS last_ms,
    touches, touches_by, rank_pos, rank_neg, rank_pos_by, rank_neg_by
FROM profiles FINAL
WHERE tenant = {tenant:String}
    AND cityHash64(identifier) % {slices:UInt32} = {slice:UInt32}
    AND (empty({profiles:Array(String)}) OR identifier IN {profiles:Array(String)})
