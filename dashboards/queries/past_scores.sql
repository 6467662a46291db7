-- uses weighed
-- What the touches of each of some identifiers until a time contributed to the score at that time. Caps keep the earliest touches of a
-- day, so no later touch changes it.
SELECT folded_into, sum(contribution) AS score
FROM weighed
GROUP BY folded_into
