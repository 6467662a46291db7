-- How many profiles are in each segment now, and those of which only the touches show whether they were hot before.
SELECT
    countIf(net_key >= {hot:Float64}) AS hot,
    countIf(net_key >= {warm:Float64} AND net_key < {hot:Float64}) AS warm,
    countIf(first_seen_ms >= {week_ms:Int64}) AS new,
    countIf(first_seen_ms >= {before_ms:Int64}) AS new_came,
    countIf(first_seen_ms < {week_ms:Int64} AND first_seen_ms >= {week_before_ms:Int64}) AS new_left,
    countIf(net_key < {hot:Float64} AND net_key >= {hot_of_zero:Float64} + last_seen_ms / {half_life_ms:Int64}) AS cooling,
    countIf(net_key < {hot:Float64} AND net_key >= {hot_before:Float64} AND last_seen_ms < {before_ms:Int64}) AS left_idle,
    count() AS profiles,
    -- Between touches a rank stays, and without negative points it only rises.
    groupArrayIf({limit:UInt32})(
        (identifier, net_key),
        last_seen_ms >= {before_ms:Int64}
            AND (net_key >= {hot:Float64} OR (rank_neg > -1e300 AND rank_pos >= {hot_before:Float64}))
    ) AS candidates
FROM
(
    SELECT
        identifier, net_key, rank_pos, rank_neg,
        toUnixTimestamp64Milli(first_seen) AS first_seen_ms,
        toUnixTimestamp64Milli(last_seen) AS last_seen_ms
    FROM profiles FINAL
    WHERE tenant = {tenant:String} AND parent = '' AND touches > 0
)
