-- How many identifiers did the first steps of a funnel, in order. The answer puts in the conditions of the steps.
SELECT reached, count() AS people
FROM
(
    SELECT windowFunnel(/* window */)(toUInt64(toUnixTimestamp64Milli(occurred_at)), /* steps */) AS reached
    FROM events
    WHERE tenant = {tenant:String} AND NOT beyond_window AND NOT bot AND folded_into != ''
        AND occurred_at >= fromUnixTimestamp64Milli({from_ms:Int64}, 'UTC')
        AND occurred_at < fromUnixTimestamp64Milli({to_ms:Int64}, 'UTC')
        AND (/* any step */)
    GROUP BY folded_id
)
GROUP BY reached
ORDER BY reached
