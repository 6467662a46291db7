-- What campaigns, networks and referrers brought on the UTC days of a range. The medium is found as for a profile
-- (streams/enrichment/campaign.py): by the tags of the link, else by the network of its click id, else by the referrer.
SELECT
    lead_source AS source,
    multiIf(
        lead_source = '', '',
        campaign_medium != '', campaign_medium,
        click_id_kind IN ('gclid', 'gbraid', 'wbraid', 'gad_source', 'msclkid', 'yclid', 'sznclid'), 'cpc',
        click_id_kind IN ('dclid'), 'display',
        click_id_kind IN ('tblci', 'dicbo'), 'native',
        click_id_kind IN ('irclickid', 'cjevent', 'awc', 'tduid'), 'affiliate',
        click_id_kind IN ('fbclid', 'igshid', 'igsh'), 'social',
        click_id_kind IN ('ysclid'), 'organic',
        click_id_kind != '', 'paid_social',
        campaign_source != '', '',
        transform(referrer_class, ['search', 'social', 'mail', 'other'], ['organic', 'social', 'email', 'referral'], ''))
        AS medium,
    if(campaign_name != '', campaign_name, c.campaign) AS name,
    toInt64(sum(c.touches)) AS touches,
    toInt64(sumIf(c.touches, channel = 'visits')) AS visits,
    toInt64(sum(c.bots)) AS bots,
    toInt64(sum(c.forms)) AS forms,
    uniqCombinedMerge(c.people) AS people,
    uniqCombinedMerge(c.identified) AS identified,
    sumMap(map(toUInt16(day - {first:Date}), toInt64(c.touches))) AS by_day,
    count() OVER () AS found
FROM campaigns_by_day AS c
WHERE tenant = {tenant:String} AND day BETWEEN {first:Date} AND {last:Date}
GROUP BY source, medium, name
HAVING touches != 0
ORDER BY touches DESC, source, medium, name
LIMIT {limit:UInt32}
