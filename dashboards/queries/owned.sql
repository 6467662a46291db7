-- The touches of the identifiers in `owners` that count at all. Unless `all`, only those with `folded_ids` are read.
SELECT
    o.profile AS profile,
    e.folded_into AS folded_into,
    e.channel AS channel,
    e.event_id AS event_id,
    toUnixTimestamp64Milli(e.occurred_at) AS t_ms,
    e.bot AS bot,
    e.too_late AS too_late,
    e.weight AS weight,
    e.cap AS cap,
    e.cap_value AS cap_value,
    if(e.url_host = '', '', concat(e.url_host, e.url_path)) AS page,
    e.lead_source AS source
FROM events AS e FINAL
INNER JOIN owners AS o ON o.identifier = e.folded_into
WHERE e.tenant = {tenant:String}
    AND NOT e.beyond_window
    AND ({all:Bool} OR e.folded_id IN {folded_ids:Array(UInt64)})
