-- Touches stored more than once: owner, channel, id and UTC day of the source's time identify a touch, or owner, channel and id
-- in a channel whose copies may name any day (streams.engage.dedupe).
-- The table is read without merging, because the views have counted rows that a later merge would remove. Of a touch that was
-- revised, each revision has a row until then.
SELECT
    folded_into AS identifier, channel, event_id,
    count() - uniqExactIf(activity_offset, change = 2) AS copies,
    count() OVER () AS found
FROM events
WHERE tenant = {tenant:String}
    AND NOT beyond_window
    AND folded_id % {slices:UInt32} = {slice:UInt32}
    AND ({all:Bool} OR folded_id IN {folded_ids:Array(UInt64)})
GROUP BY
    identifier, channel, event_id,
    if(channel IN {any_day:Array(String)}, 0, intDiv(toUnixTimestamp64Milli(source_at), 86400000))
HAVING copies > 1
ORDER BY identifier, channel, event_id
LIMIT {limit:UInt32}
