-- uses links, roots
-- How many profiles did the first steps of a funnel, in order. The answer puts in the conditions of the steps. Touches are counted
-- by identifier first, and then what identifiers did is joined by profile.
SELECT reached, count() AS people
FROM
(
    SELECT if(root != 0, root, folded_id) AS profile_id, windowFunnelMerge(/* window */)(progress) AS reached
    FROM
    (
        SELECT
            folded_id,
            windowFunnelState(/* window */)(toUInt64(toUnixTimestamp64Milli(occurred_at)), /* steps */) AS progress
        FROM events
        WHERE tenant = {tenant:String} AND NOT beyond_window AND NOT bot AND folded_into != ''
            AND occurred_at >= fromUnixTimestamp64Milli({from_ms:Int64}, 'UTC')
            AND occurred_at < fromUnixTimestamp64Milli({to_ms:Int64}, 'UTC')
            AND (/* any step */)
        GROUP BY folded_id
    ) AS touches
    LEFT ANY JOIN roots ON roots.child = touches.folded_id
    GROUP BY profile_id
)
GROUP BY reached
ORDER BY reached
