-- uses weighed
-- What each rule comes to, by what became of its touches.
SELECT
    channel, rule, fate,
    count() AS touches,
    sum(if(fate = 'beyond_window' OR fate = 'bot', 0, weight)) AS weights,
    sum(greatest(contribution, 0)) AS positive,
    sum(greatest(-contribution, 0)) AS negative
FROM weighed
GROUP BY channel, rule, fate
ORDER BY positive + negative DESC, touches DESC, channel, rule, fate
