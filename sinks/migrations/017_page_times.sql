-- How long page views were in the foreground, by pings. The largest of a page view wins, so a repeated row changes nothing.
CREATE TABLE IF NOT EXISTS page_times
(
    tenant             LowCardinality(String),
    folded_into        String,
    page_id            String,
    engaged_ms         UInt64,
    activity_partition UInt16,
    activity_offset    UInt64
)
ENGINE = ReplacingMergeTree(engaged_ms)
ORDER BY (tenant, folded_into, page_id)
SETTINGS non_replicated_deduplication_window = 10000;

-- The pages and screens that were viewed, with the larger of the time that they were sent with and that of their pings.
CREATE OR REPLACE VIEW page_views AS
SELECT
    e.tenant AS tenant,
    e.folded_into AS folded_into,
    e.event_id AS event_id,
    e.occurred_at AS occurred_at,
    e.type AS type,
    e.page_id AS page_id,
    e.url AS url,
    e.url_host AS url_host,
    e.url_path AS url_path,
    e.title AS title,
    e.name AS name,
    if(p.engaged_ms > ifNull(e.engaged_ms, 0), toFloat64(p.engaged_ms), e.engaged_ms) AS engaged_ms
FROM
(
    SELECT * FROM events FINAL
    WHERE channel = 'visits' AND type IN ('page', 'screen') AND NOT beyond_window
) AS e
LEFT JOIN
(
    SELECT tenant, folded_into, page_id, max(engaged_ms) AS engaged_ms FROM page_times
    WHERE page_id != '' GROUP BY tenant, folded_into, page_id
) AS p ON p.tenant = e.tenant AND p.folded_into = e.folded_into AND p.page_id = e.page_id;
