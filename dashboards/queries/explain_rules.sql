-- uses weighed
-- Sums by rule and fate of the touches.
SELECT
    channel, rule, fate,
    count() AS touches,
    sum(if(fate = 'beyond_window' OR fate = 'bot', 0, weight)) AS weights,
    sum(greatest(contribution, 0)) AS positive,
    sum(greatest(-contribution, 0)) AS negative
FROM weighed
GROUP BY channel, rule, fate
ORDER BY positive + negative DESC, touches DESC, channel, rule, fate
