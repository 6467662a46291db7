-- The newest pieces of some identifiers: their runs by UTC day, as lists.
SELECT folded_into, toInt32(day) AS day, firsts, lasts, touches, entry_ids, landing_pages, sources
FROM session_pieces
WHERE tenant = {tenant:String} AND folded_into IN {identifiers:Array(String)}
ORDER BY activity_offset DESC
LIMIT 1 BY folded_into, day
