-- Identifiers with the highest keys among the rows of profiles without a touch since a time, without merging: some have newer rows.
SELECT DISTINCT identifier
FROM
(
    SELECT identifier
    FROM profiles
    WHERE tenant = {tenant:String} AND parent = '' AND net_key > -1e300
        AND last_seen < fromUnixTimestamp64Milli({since_ms:Int64}, 'UTC')
    ORDER BY net_key DESC
    LIMIT {limit:UInt32}
)
