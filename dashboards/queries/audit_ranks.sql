-- uses owners, owned
-- Every score from the events alone: the earliest touches of each capped list, then sums of weights, decayed forward within
-- blocks of 512 half-lives (so that no float overflows), then the sums of the blocks joined as a rank.
SELECT
    profile, channel, positive,
    groupArray((block, weighed)) AS parts,
    arrayMax(part -> part.1, parts) AS newest,
    512 * newest + log2(arraySum(part -> part.2 * exp2(512 * (part.1 - newest)), parts)) AS rank
FROM
(
    SELECT
        profile, channel, weight > 0 AS positive,
        intDiv(t_ms, 512 * {half_life_ms:Int64}) AS block,
        sum(abs(weight) * exp2((t_ms - block * 512 * {half_life_ms:Int64}) / {half_life_ms:Int64})) AS weighed
    FROM
    (
        SELECT
            profile, channel, t_ms, weight, cap,
            row_number() OVER (
                PARTITION BY folded_into, channel, cap, cap_value, intDiv(t_ms, 86400000)
                ORDER BY t_ms, event_id) AS place
        FROM owned
        WHERE NOT bot AND if(cap > 0, NOT too_late, weight != 0)
    )
    WHERE (cap = 0 OR place <= cap) AND weight != 0
    GROUP BY profile, channel, positive, block
)
GROUP BY profile, channel, positive
