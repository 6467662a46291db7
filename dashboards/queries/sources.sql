-- Where touches came from in the hours of a range, with the number of all that have a source.
SELECT
    lead_source AS source, referrer_class,
    toInt64(sum(t.touches)) AS touches, toInt64(sum(t.bots)) AS bots, sum(t.weight) AS weight,
    sum(touches) OVER () AS all_touches, count() OVER () AS found
FROM touches_by_hour AS t
WHERE tenant = {tenant:String} AND lead_source != ''
    AND hour >= toDateTime({from_s:UInt32}, 'UTC') AND hour < toDateTime({to_s:UInt32}, 'UTC')
GROUP BY source, referrer_class
HAVING touches != 0
ORDER BY touches DESC, source, referrer_class
LIMIT {limit:UInt32}
