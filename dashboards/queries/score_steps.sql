-- uses weighed
-- By how many points the touches of some identifiers changed the score of their profile, by time.
SELECT t_ms, sum(weight) AS points
FROM weighed
WHERE fate = 'counted'
GROUP BY t_ms
ORDER BY t_ms
