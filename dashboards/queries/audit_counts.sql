-- uses owners, owned
-- Touches, bots, first and last time by profile and channel, counted from the events.
SELECT profile, channel, count() AS touches, countIf(bot) AS bots, min(t_ms) AS first_ms, max(t_ms) AS last_ms
FROM owned
GROUP BY profile, channel
