-- uses owners, owned
-- Touches by channel, bots among them, and when the first and the last happened: counted from the events.
SELECT profile, channel, count() AS touches, countIf(bot) AS bots, min(t_ms) AS first_ms, max(t_ms) AS last_ms
FROM owned
GROUP BY profile, channel
