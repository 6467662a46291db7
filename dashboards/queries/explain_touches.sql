-- uses weighed
-- The touches that contribute most to a score, then the newest of those that contribute nothing.
SELECT event_id, channel, type, t_ms, folded_into, rule, weight, cap, place, too_late, fate, remaining, contribution
FROM weighed
ORDER BY abs(contribution) DESC, t_ms DESC, event_id
LIMIT {limit:UInt32}
