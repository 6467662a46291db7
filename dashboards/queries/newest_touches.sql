-- The newest touch of each of some identifiers since a time.
SELECT
    folded_into, channel, type,
    toUnixTimestamp64Milli(occurred_at) AS occurred_ms
    /* and the columns that words are made of */
FROM events
WHERE tenant = {tenant:String}
    AND folded_id IN (SELECT cityHash64(arrayJoin({identifiers:Array(String)})))
    AND folded_into IN {identifiers:Array(String)}
    AND occurred_at >= fromUnixTimestamp64Milli({from_ms:Int64}, 'UTC')
    AND NOT bot AND NOT beyond_window
ORDER BY occurred_at DESC, event_id DESC, activity_offset DESC
LIMIT 1 BY folded_into
