-- uses links, roots
-- The profiles with the highest scores above 0 at a time, from all touches until then, with those of equal score to the last one.
-- Profiles are named by their hash, and by one of their identifiers.
SELECT
    if(r.root != 0, r.root, linked.above_all) AS profile_id,
    min(linked.folded_into) AS identifier,
    sum(linked.positive) AS positive,
    sum(linked.negative) AS negative,
    sum(linked.touches) AS touches
FROM
(
    SELECT if(above != 0, above, cityHash64(folded_into)) AS above_all, folded_into, positive, negative, touches
    FROM links
    RIGHT JOIN
    (
        SELECT
            folded_into,
            count() AS touches,
            sum(greatest(points, 0) * exp2((t_ms - {at_ms:Int64}) / {half_life_ms:Int64})) AS positive,
            sum(greatest(-points, 0) * exp2((t_ms - {at_ms:Int64}) / {half_life_ms:Int64})) AS negative
        FROM
        (
            SELECT
                folded_into, t_ms,
                cap > 0 AND NOT bot AND NOT too_late AS competes,
                if(competes, row_number() OVER (
                    PARTITION BY competes, folded_into, channel, cap, cap_value, intDiv(t_ms, 86400000)
                    ORDER BY t_ms, event_id), 0) AS place,
                if(bot OR (cap > 0 AND (too_late OR place > cap)), 0, weight) AS points
            FROM
            (
                SELECT
                    folded_into, channel, event_id, bot, too_late, cap, cap_value, weight,
                    toUnixTimestamp64Milli(occurred_at) AS t_ms
                FROM events FINAL
                WHERE tenant = {tenant:String}
                    AND occurred_at <= fromUnixTimestamp64Milli({at_ms:Int64}, 'UTC')
                    AND NOT beyond_window
                    AND folded_into != ''
            )
        )
        GROUP BY folded_into
    ) AS touched ON links.child = cityHash64(touched.folded_into)
) AS linked
LEFT ANY JOIN roots AS r ON r.child = linked.above_all
GROUP BY profile_id
HAVING positive > negative
ORDER BY positive - negative DESC
LIMIT {limit:UInt32} WITH TIES
