-- uses links, roots
-- Profiles by the week of their first run, and how many had runs in which weeks. Weeks begin on Monday, UTC. Bots, and touches that
-- were too late, are in no run.
SELECT cohort, week, count() AS people
FROM
(
    SELECT
        if(root != 0, root, folded_id) AS profile_id,
        arraySort(groupUniqArrayMerge(of_identifier)) AS weeks,
        weeks[1] AS cohort,
        arrayJoin(weeks) AS week
    FROM
    (
        SELECT cityHash64(folded_into) AS folded_id, groupUniqArrayState(toMonday(day)) AS of_identifier
        FROM session_pieces
        WHERE tenant = {tenant:String} AND notEmpty(firsts) AND day <= {last:Date}
        GROUP BY folded_id
    ) AS runs
    LEFT ANY JOIN roots ON roots.child = runs.folded_id
    GROUP BY profile_id
    HAVING cohort >= {first:Date}
)
GROUP BY cohort, week
ORDER BY cohort, week
