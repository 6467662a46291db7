-- The newest rows of some identifiers that are profiles with a score above zero, highest first.
SELECT
    identifier, parent, touches,
    toUnixTimestamp64Milli(last_seen) AS last_seen_ms,
    touches_by, first_source, last_source, country, device, traits,
    if({channel:String} = '', rank_pos, if(mapContains(rank_pos_by, {channel:String}), rank_pos_by[{channel:String}], -1e300)) AS pos,
    if({channel:String} = '', rank_neg, if(mapContains(rank_neg_by, {channel:String}), rank_neg_by[{channel:String}], -1e300)) AS neg,
    if(pos > neg, pos + log2(1 - exp2(neg - pos)), -1e300) AS key
FROM
(
    SELECT *
    FROM profiles
    WHERE tenant = {tenant:String} AND identifier IN {identifiers:Array(String)}
    ORDER BY activity_offset DESC
    LIMIT 1 BY identifier
)
WHERE parent = '' AND key > -1e300
ORDER BY key DESC, identifier
