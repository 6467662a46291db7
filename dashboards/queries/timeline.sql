-- The touches of some identifiers, newest first. A block stored twice, or a former revision, may not be merged yet: LIMIT 1 BY
-- the key by which rows replace each other, newest first. A touch that counts twice (one id under two identifiers) is shown twice.
-- A page or a screen has the largest time that it or a ping of these identifiers reports.
SELECT
    touch.* EXCEPT (own_engaged_ms, view_id),
    if(seen.engaged_ms > ifNull(own_engaged_ms, 0), toFloat64(seen.engaged_ms), own_engaged_ms) AS engaged_ms
FROM
(
    SELECT
        event_id, channel, type,
        toUnixTimestamp64Milli(occurred_at) AS occurred_ms,
        toUnixTimestamp64Milli(received_at) AS received_ms,
        folded_into, identifiers, flags, bot, too_late, beyond_window,
        weight, rule, properties,
        referrer_class, lead_source, device, country, source,
        if(campaign_name != '', campaign_name, campaign) AS campaign,
        engaged_ms AS own_engaged_ms,
        if(type IN ('page', 'screen'), page_id, '') AS view_id
        /* and the other columns that the channels show */
    FROM events
    WHERE tenant = {tenant:String}
        AND folded_id IN {folded_ids:Array(UInt64)}
        AND folded_into IN {identifiers:Array(String)}
        AND occurred_at <= fromUnixTimestamp64Milli({before_ms:Int64}, 'UTC')
        AND (toUnixTimestamp64Milli(occurred_at), event_id) < ({before_ms:Int64}, {before_id:String})
    ORDER BY occurred_at DESC, event_id DESC, folded_into, activity_offset DESC
    LIMIT 1 BY folded_into, occurred_at, event_id, channel, beyond_window
    LIMIT {limit:UInt32}
) AS touch
LEFT JOIN
(
    SELECT page_id, max(engaged_ms) AS engaged_ms FROM page_times
    WHERE tenant = {tenant:String} AND folded_into IN {identifiers:Array(String)} AND page_id != ''
    GROUP BY page_id
) AS seen ON seen.page_id = touch.view_id
ORDER BY occurred_ms DESC, event_id DESC, folded_into
