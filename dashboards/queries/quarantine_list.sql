-- What is in quarantine, newest first. Mended and sent again, a record is a touch under its first coordinates.
SELECT
    raw_topic, raw_partition, raw_offset,
    toUnixTimestamp64Milli(received_at) AS received_ms,
    reason, detail,
    length(original) AS size_bytes,
    (raw_topic, raw_partition, raw_offset) NOT IN (
        SELECT raw_topic, raw_partition, raw_offset
        FROM events
        WHERE (raw_topic, raw_partition, raw_offset) IN (SELECT raw_topic, raw_partition, raw_offset FROM quarantine)
    ) AS open
FROM quarantine FINAL
WHERE (empty({reason:String}) OR reason = {reason:String})
    AND received_at >= fromUnixTimestamp64Milli({since_ms:Int64}, 'UTC')
    AND (open OR NOT {open_only:Bool})
ORDER BY received_at DESC, raw_topic, raw_partition, raw_offset DESC
LIMIT {limit:UInt32}
