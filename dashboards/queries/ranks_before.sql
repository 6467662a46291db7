-- The ranks of some identifiers after the last hour with a touch before an hour.
SELECT
    identifier,
    argMax((rank_pos, rank_neg, parent, net_key), (hour, activity_offset)) AS newest,
    max((hour, activity_offset)) AS place
FROM score_history
WHERE tenant = {tenant:String} AND identifier IN {identifiers:Array(String)}
    AND hour < fromUnixTimestamp64Milli({before_ms:Int64}, 'UTC')
GROUP BY identifier
