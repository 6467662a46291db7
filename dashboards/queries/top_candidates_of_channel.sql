-- The same by the score of one channel, whose key is computed from its ranks; `ordered` by identifier among equal keys.
SELECT
    identifier, activity_offset, part, key, pos, neg, touches_by[{channel:String}] AS touches,
    toUnixTimestamp64Milli(last_seen) AS last_seen_ms,
    first_source, last_source, country, device, traits, rank_pos_by, rank_neg_by
FROM
(
    SELECT
        *, _part AS part,
        if(mapContains(rank_pos_by, {channel:String}), rank_pos_by[{channel:String}], -1e300) AS pos,
        if(mapContains(rank_neg_by, {channel:String}), rank_neg_by[{channel:String}], -1e300) AS neg,
        if(pos > neg, pos + log2(1 - exp2(neg - pos)), -1e300) AS key
    FROM profiles
    WHERE tenant = {tenant:String} AND parent = ''
)
WHERE key > -1e300 AND key <= {most:Float64}
ORDER BY key DESC, if({ordered:Bool}, identifier, '')
LIMIT {limit:UInt32}
