-- The last time at which each of some identifiers was called or reached by a call, and written to, by channel; without mailings.
SELECT
    folded_into, channel, toUnixTimestamp64Milli(max(occurred_at)) AS last_ms
FROM events
WHERE tenant = {tenant:String}
    AND folded_id IN (SELECT cityHash64(arrayJoin({identifiers:Array(String)})))
    AND folded_into IN {identifiers:Array(String)}
    AND occurred_at >= fromUnixTimestamp64Milli({from_ms:Int64}, 'UTC')
    AND NOT beyond_window
    AND (channel = 'calls' AND (direction = 'outbound' OR type = 'answered')
        OR channel = 'emails' AND type = 'sent' AND campaign = '' AND campaign_name = ''
        OR channel = 'messages' AND type = 'sent' AND conversation_id = '')
GROUP BY folded_into, channel
