-- Touches with their points by the stored rules and by changed ones. `since_ms` is the start of a UTC day, because caps count by
-- day. Of a changed rule, `points` and `caps` have the new values at the index of its name in `rules`.
SELECT
    folded_into, channel, rule, t_ms,
    if(bot OR (cap > 0 AND (too_late OR place > cap)), 0, weight) AS points_before,
    if(bot OR (new_cap > 0 AND (too_late OR new_place > new_cap)), 0, new_weight) AS points_after
FROM
(
    SELECT
        folded_into, channel, rule, t_ms, bot, too_late, cap, weight, new_cap, new_weight,
        intDiv(t_ms, 86400000) AS day,
        cap > 0 AND NOT bot AND NOT too_late AS competes,
        new_cap > 0 AND NOT bot AND NOT too_late AS competes_after,
        if(competes, row_number() OVER (
            PARTITION BY competes, folded_into, channel, cap, cap_value, day
            ORDER BY t_ms, event_id), 0) AS place,
        if(competes_after, row_number() OVER (
            PARTITION BY competes_after, folded_into, channel, new_cap, new_cap_value, day
            ORDER BY t_ms, event_id), 0) AS new_place
    FROM
    (
        SELECT
            folded_into, channel, event_id, rule, bot, too_late, cap, cap_value, weight,
            toUnixTimestamp64Milli(occurred_at) AS t_ms,
            indexOf({rules:Array(String)}, rule) AS changed,
            if(changed = 0, weight, {points:Array(Float64)}[changed]) AS new_weight,
            if(changed = 0, cap, {caps:Array(UInt32)}[changed]) AS new_cap,
            if(cap_value = '', toString(rule), cap_value) AS new_cap_value
        FROM events FINAL
        WHERE tenant = {tenant:String}
            AND occurred_at >= fromUnixTimestamp64Milli({since_ms:Int64}, 'UTC')
            AND NOT beyond_window
            AND folded_into != ''
    )
)
