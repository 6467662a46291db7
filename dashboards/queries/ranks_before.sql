-- The newest rows before an hour of some identifiers that were profiles then.
SELECT identifier, newest.1 AS rank_pos, newest.2 AS rank_neg, newest.3 AS key, newest.4 AS touches
FROM
(
    SELECT identifier, argMax((rank_pos, rank_neg, net_key, touches, parent), (hour, activity_offset)) AS newest
    FROM score_history
    WHERE tenant = {tenant:String} AND identifier IN {identifiers:Array(String)}
        AND hour < fromUnixTimestamp64Milli({before_ms:Int64}, 'UTC')
    GROUP BY identifier
)
WHERE newest.5 = ''
