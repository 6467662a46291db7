-- The rows of the touches of some identifiers, newest first. A block stored twice, or a former revision, may not be merged yet: of
-- the rows with one key, by which they replace each other, the first counts. Without LIMIT BY the wide columns are read of the
-- returned rows only.
SELECT
    event_id, channel, type,
    toUnixTimestamp64Milli(occurred_at) AS occurred_ms,
    toUnixTimestamp64Milli(received_at) AS received_ms,
    folded_into, identifiers, flags, bot, too_late, beyond_window,
    weight, rule, properties,
    referrer_class, lead_source, device, country, source,
    if(type IN ('page', 'screen'), page_id, '') AS view_id
    /* and the other columns that the channels show */
FROM events
WHERE tenant = {tenant:String}
    AND folded_id IN (SELECT cityHash64(arrayJoin({identifiers:Array(String)})))
    AND folded_into IN {identifiers:Array(String)}
    AND occurred_at <= fromUnixTimestamp64Milli({before_ms:Int64}, 'UTC')
    AND (toUnixTimestamp64Milli(occurred_at), event_id) < ({before_ms:Int64}, {before_id:String})
    AND (empty({channels:Array(String)}) OR channel IN {channels:Array(String)})
ORDER BY occurred_at DESC, event_id DESC, folded_into, activity_offset DESC
LIMIT {limit:UInt32}
