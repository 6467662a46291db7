-- Times of page views that no worker writes, and pings that were stored as touches. That the times are the largest that were sent
-- cannot be seen here, since pings have no rows: `touchline rebuild` compares them with `timeline`.
SELECT identifier, page_id, engaged_ms, is_touch, count() OVER () AS found
FROM
(
    SELECT folded_into AS identifier, page_id, engaged_ms, false AS is_touch
    FROM page_times
    WHERE tenant = {tenant:String} AND (engaged_ms > {longest_ms:UInt64} OR page_id = '')
    UNION ALL
    SELECT folded_into AS identifier, page_id, toUInt64(ifNull(engaged_ms, 0)) AS engaged_ms, true AS is_touch
    FROM events
    WHERE tenant = {tenant:String} AND (channel, type) IN {pings:Array(Tuple(String, String))}
)
ORDER BY identifier, page_id
LIMIT {limit:UInt32}
