-- uses weighed
-- Sums by rule and fate of the touches, with the touches of each that contribute most and all of those between two times.
SELECT
    channel, rule, fate,
    count() AS touches,
    max(cap) AS largest_cap,
    min(t_ms) AS first_ms,
    max(t_ms) AS last_ms,
    sum(if(fate = 'beyond_window' OR fate = 'bot', 0, weight)) AS weights,
    sum(greatest(contribution, 0)) AS positive,
    sum(greatest(-contribution, 0)) AS negative,
    groupArraySorted({limit:UInt32})((
        -abs(contribution), -t_ms, event_id, type, folded_into, weight, cap, place, too_late, remaining, contribution)) AS most,
    groupArrayIf((
        -abs(contribution), -t_ms, event_id, type, folded_into, weight, cap, place, too_late, remaining, contribution),
        t_ms BETWEEN {from_ms:Int64} AND {to_ms:Int64}) AS between
FROM weighed
GROUP BY channel, rule, fate
ORDER BY positive + negative DESC, touches DESC, channel, rule, fate
