-- Scores of profiles by the campaign of their first or last touch that has a source. Whom a
-- profile names is known as of now: a visitor who was identified after that touch counts.
SELECT
    if({first:Bool}, first_source, last_source) AS source,
    if({first:Bool}, first_medium, last_medium) AS medium,
    if({first:Bool}, first_campaign, last_campaign) AS name,
    count() AS profiles,
    countIf(NOT startsWith(identifier, 'anonymous_id:')) AS identified,
    sum(exp2(rank_pos - {half_lives:Float64}) - exp2(rank_neg - {half_lives:Float64})) AS score
FROM profiles FINAL
WHERE tenant = {tenant:String} AND parent = ''
GROUP BY source, medium, name
HAVING source != '' OR name != ''
ORDER BY score DESC, source, medium, name
LIMIT {limit:UInt32}
