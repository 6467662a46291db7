-- The largest time that the pings of some identifiers report of some views of pages or screens.
SELECT page_id, max(engaged_ms) AS longest_ms
FROM page_times
WHERE tenant = {tenant:String} AND folded_into IN {identifiers:Array(String)} AND page_id IN {views:Array(String)}
GROUP BY page_id
