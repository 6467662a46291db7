-- Every touch of some identifiers with its fate. In each list (identifier, channel, cap, cap value, UTC day) the `cap` earliest
-- touches count; bots, touches too late for their day and those beyond the dedupe window take no place. The times are those of whole
-- UTC days.
SELECT
    event_id, channel, type, t_ms, folded_into, rule, weight, cap, cap_value, place, too_late,
    multiIf(
        beyond_window, 'beyond_window',
        bot, 'bot',
        cap > 0 AND too_late, 'too_late',
        cap > 0 AND place > cap, 'capped',
        weight = 0, 'weightless',
        'counted') AS fate,
    exp2(least((t_ms - {at_ms:Int64}) / {half_life_ms:Int64}, 1023)) AS remaining,
    if(fate = 'counted', weight * remaining, 0) AS contribution
FROM
(
    SELECT
        event_id, channel, type, folded_into, rule, weight, cap, cap_value, bot, too_late, beyond_window, t_ms,
        cap > 0 AND NOT bot AND NOT too_late AND NOT beyond_window AS competes,
        if(competes, row_number() OVER (
            PARTITION BY competes, folded_into, channel, cap, cap_value, intDiv(t_ms, 86400000)
            ORDER BY t_ms, event_id), 0) AS place
    FROM
    (
        SELECT
            event_id, channel, type, folded_into, rule, weight, cap, cap_value, bot, too_late, beyond_window,
            toUnixTimestamp64Milli(occurred_at) AS t_ms
        FROM events
        WHERE tenant = {tenant:String}
            AND folded_id IN (SELECT cityHash64(arrayJoin({identifiers:Array(String)})))
            AND folded_into IN {identifiers:Array(String)}
            AND occurred_at BETWEEN fromUnixTimestamp64Milli({since_ms:Int64}, 'UTC')
                AND fromUnixTimestamp64Milli({until_ms:Int64}, 'UTC')
        ORDER BY activity_offset DESC
        LIMIT 1 BY folded_into, occurred_at, event_id, channel, beyond_window
    )
)
