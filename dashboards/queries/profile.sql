-- The newest row of the summary of an identifier.
SELECT
    identifier, parent, touches, bots, identifiers,
    toUnixTimestamp64Milli(first_seen) AS first_seen_ms,
    toUnixTimestamp64Milli(last_seen) AS last_seen_ms,
    touches_by, rank_pos, rank_neg, rank_pos_by, rank_neg_by,
    first_source, first_medium, first_campaign, first_page,
    last_source, last_medium, last_campaign, last_page,
    traits, country, device, rules_version
FROM profiles
WHERE tenant = {tenant:String} AND identifier = {profile:String}
ORDER BY activity_offset DESC
LIMIT 1
