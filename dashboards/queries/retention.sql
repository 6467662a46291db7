-- Identifiers by the week of their first run, and how many had runs in which weeks. Weeks begin on Monday, UTC. Bots, and touches
-- that were too late, are in no run.
SELECT cohort, week, count() AS people
FROM
(
    SELECT arraySort(groupUniqArray(toMonday(day))) AS weeks, weeks[1] AS cohort, arrayJoin(weeks) AS week
    FROM session_pieces
    WHERE tenant = {tenant:String} AND notEmpty(firsts) AND day <= {last:Date}
    GROUP BY cityHash64(folded_into)
    HAVING cohort >= {first:Date}
)
GROUP BY cohort, week
ORDER BY cohort, week
