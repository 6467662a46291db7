-- Campaigns and days in which the rollup differs from the events. A set may have more identifiers than the events where touches
-- were revised: a revision takes nobody out.
SELECT
    toDateTime(day, 'UTC') AS at, channel,
    arrayStringConcat([lead_source, referrer_class, campaign_source, campaign_medium, campaign_name, campaign, click_id_kind], '/')
        AS type,
    sum(n) AS touches, sum(b) AS bots, sum(w) AS weight,
    sum(f) AS forms,
    toInt64(uniqCombinedMergeIf(p, recounted)) - toInt64(uniqCombinedMergeIf(p, NOT recounted)) AS more_people,
    toInt64(uniqCombinedMergeIf(i, recounted)) - toInt64(uniqCombinedMergeIf(i, NOT recounted)) AS more_identified,
    concat(toString(forms), ' forms, ', toString(more_people), ' people, ', toString(more_identified), ' identified') AS other,
    count() OVER () AS found
FROM
(
    SELECT
        toDate(occurred_at, 'UTC') AS day,
        channel, lead_source, referrer_class, campaign_source, campaign_medium, campaign_name, campaign, click_id_kind,
        toInt64(count()) AS n, toInt64(countIf(bot)) AS b, sum(weight) AS w, toInt64(countIf(type = 'form' AND NOT bot)) AS f,
        uniqCombinedStateIf(cityHash64(folded_into), folded_into != '' AND NOT bot) AS p,
        uniqCombinedStateIf(cityHash64(folded_into),
            folded_into != '' AND NOT bot AND NOT startsWith(folded_into, 'anonymous_id:')) AS i,
        true AS recounted
    FROM events FINAL
    WHERE tenant = {tenant:String} AND NOT beyond_window AND (lead_source != '' OR campaign_name != '' OR campaign != '')
    GROUP BY ALL
    UNION ALL
    SELECT
        day, channel, lead_source, referrer_class, campaign_source, campaign_medium, campaign_name, campaign, click_id_kind,
        -toInt64(sum(touches)), -toInt64(sum(bots)), -sum(c.weight), -toInt64(sum(c.forms)),
        uniqCombinedMergeState(people), uniqCombinedMergeState(identified), false
    FROM campaigns_by_day AS c
    WHERE tenant = {tenant:String}
    GROUP BY ALL
)
GROUP BY day, channel, lead_source, referrer_class, campaign_source, campaign_medium, campaign_name, campaign, click_id_kind
HAVING touches != 0 OR bots != 0 OR forms != 0 OR abs(weight) > 1e-9 * (1 + sum(abs(w)))
    OR more_people > 0 OR more_identified > 0
    OR -least(more_people, more_identified) > (
        SELECT count() FROM events WHERE tenant = {tenant:String} AND change = 2 AND channel != 'calls')
ORDER BY day, channel, type
LIMIT {limit:UInt32}
