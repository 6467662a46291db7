-- uses links, roots
-- How many profiles did the first steps of a funnel, in order. The answer puts in the conditions of the steps. Links are read past
-- the touches, which are fewer; most lead to the profile, and `roots` has the others.
SELECT reached, count() AS people
FROM
(
    SELECT if(root != 0, root, above_all) AS profile_id, windowFunnel(/* window */)(t_ms, /* steps */) AS reached
    FROM
    (
        SELECT if(above != 0, above, folded_id) AS above_all, t_ms, channel, type, name
        FROM links
        RIGHT JOIN
        (
            SELECT folded_id, toUInt64(toUnixTimestamp64Milli(occurred_at)) AS t_ms, channel, type, name
            FROM events
            WHERE tenant = {tenant:String} AND NOT beyond_window AND NOT bot AND folded_id != cityHash64('')
                AND occurred_at >= fromUnixTimestamp64Milli({from_ms:Int64}, 'UTC')
                AND occurred_at < fromUnixTimestamp64Milli({to_ms:Int64}, 'UTC')
                AND (/* any step */)
        ) AS touches ON links.child = touches.folded_id
    ) AS linked
    LEFT ANY JOIN roots ON roots.child = linked.above_all
    GROUP BY profile_id
)
GROUP BY reached
ORDER BY reached
