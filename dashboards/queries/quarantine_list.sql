-- Quarantined records, newest first. Which ones are on the page is found without reading details and original bytes. A record that
-- was sent again and refused again has a second row, whose reason counts.
WITH page AS
(
    SELECT raw_topic, raw_partition, raw_offset
    FROM quarantine FINAL
    WHERE NOT sent_again
        AND received_at >= fromUnixTimestamp64Milli({since_ms:Int64}, 'UTC')
        AND (empty({reason:String})
            OR reason = {reason:String} AND (raw_topic, raw_partition, raw_offset) NOT IN (
                SELECT raw_topic, raw_partition, raw_offset FROM quarantine WHERE sent_again)
            OR (raw_topic, raw_partition, raw_offset) IN (
                SELECT raw_topic, raw_partition, raw_offset FROM quarantine FINAL
                WHERE sent_again AND reason = {reason:String}))
        AND (NOT {open_only:Bool}
            OR (raw_topic, raw_partition, raw_offset) NOT IN (SELECT raw_topic, raw_partition, raw_offset FROM replayed))
    ORDER BY received_at DESC, raw_topic, raw_partition, raw_offset DESC
    LIMIT {limit:UInt32}
)
SELECT
    raw_topic, raw_partition, raw_offset,
    toUnixTimestamp64Milli(argMin(received_at, q.sent_again)) AS received_ms,
    argMax(q.reason, q.sent_again) AS reason,
    argMax(q.detail, q.sent_again) AS detail,
    argMin(length(original), q.sent_again) AS size_bytes,
    max(q.sent_again) AS sent_again,
    (raw_topic, raw_partition, raw_offset) NOT IN (SELECT raw_topic, raw_partition, raw_offset FROM replayed) AS open
FROM quarantine AS q FINAL
WHERE (raw_topic, raw_partition, raw_offset) IN (SELECT raw_topic, raw_partition, raw_offset FROM page)
GROUP BY raw_topic, raw_partition, raw_offset
ORDER BY received_ms DESC, raw_topic, raw_partition, raw_offset DESC
