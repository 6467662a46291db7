-- The rows with the highest key, without merging: an identifier may have several rows, old ones included. The key orders by
-- score at any time; for a channel it is computed from that channel's ranks.
SELECT identifier, key
FROM
(
    SELECT
        identifier,
        if(mapContains(rank_pos_by, {channel:String}), rank_pos_by[{channel:String}], -1e300) AS pos,
        if(mapContains(rank_neg_by, {channel:String}), rank_neg_by[{channel:String}], -1e300) AS neg,
        if({channel:String} = '', net_key, if(pos > neg, pos + log2(1 - exp2(neg - pos)), -1e300)) AS key
    FROM profiles
    WHERE tenant = {tenant:String} AND parent = ''
)
WHERE key > -1e300
ORDER BY key DESC, identifier
LIMIT {limit:UInt32}
