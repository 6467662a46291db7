-- uses reweighed
-- Touches of each rule, those that count, and their points before decay: by the stored rules, and by changed ones.
SELECT
    channel, toString(rule) AS name,
    count() AS touches,
    countIf(points_before != 0) AS counted,
    sum(points_before) AS points,
    countIf(points_after != 0) AS new_counted,
    sum(points_after) AS new_points
FROM reweighed
GROUP BY channel, name
ORDER BY touches DESC, channel, name
