-- uses links, roots
-- Profiles by the week of their first run, and how many had runs in which weeks, both counted from the week that begins on `first`,
-- a Monday. Bots, and touches that were too late, are in no run. Bit n of `weeks` is week n, and the last bit the time before. The
-- runs of an identifier and its parent meet in one row, which takes less time than joining them.
SELECT bitPositionsToArray(weeks)[1] AS cohort, arrayJoin(bitPositionsToArray(weeks)) AS week, count() AS people
FROM
(
    SELECT if(root != 0, root, above_all) AS profile_id, groupBitOr(of_identifier) AS weeks
    FROM
    (
        SELECT if(max(above) != 0, max(above), id) AS above_all, groupBitOr(bits) AS of_identifier
        FROM
        (
            SELECT
                folded_id AS id, toUInt64(0) AS above,
                bitShiftLeft(toUInt64(1), if(day < {first:Date}, 63, toUInt8(intDiv(day - {first:Date}, 7)))) AS bits
            FROM session_pieces
            WHERE tenant = {tenant:String} AND notEmpty(firsts) AND day <= {last:Date}
            UNION ALL
            SELECT child, above, toUInt64(0) FROM links
        )
        GROUP BY id
        HAVING of_identifier != 0
    ) AS runs
    LEFT ANY JOIN roots ON roots.child = runs.above_all
    GROUP BY profile_id
)
WHERE weeks < bitShiftLeft(toUInt64(1), 63)
GROUP BY cohort, week
ORDER BY cohort, week
