-- The latest touch of each kind of each of some identifiers since a time, without those of bots and possible duplicates.
SELECT
    folded_into, channel, type, direction, campaign != '' AS is_mailing,
    toUnixTimestamp64Milli(max(occurred_at)) AS last_ms,
    argMax(event_id, occurred_at) AS event_id
FROM
(
    SELECT folded_into, event_id, channel, type, direction, campaign, occurred_at, bot, beyond_window
    FROM events
    WHERE tenant = {tenant:String}
        AND folded_id IN (SELECT cityHash64(arrayJoin({identifiers:Array(String)})))
        AND folded_into IN {identifiers:Array(String)}
        AND occurred_at >= fromUnixTimestamp64Milli({since_ms:Int64}, 'UTC')
    ORDER BY activity_offset DESC
    LIMIT 1 BY folded_into, occurred_at, event_id, channel, beyond_window
)
WHERE NOT bot AND NOT beyond_window
GROUP BY folded_into, channel, type, direction, is_mailing
