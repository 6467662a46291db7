-- Records that went to the quarantine, by day of a time zone and reason, with the place and the detail of the newest.
SELECT
    toDate(received_at, {zone:String}) AS day, reason, count() AS records,
    argMax(concat(raw_topic, '/', toString(raw_partition), '/', toString(raw_offset)), received_at) AS place,
    argMax(detail, received_at) AS newest_detail,
    toUnixTimestamp64Milli(max(received_at)) AS newest_ms
FROM quarantine FINAL
WHERE NOT sent_again
    AND received_at >= fromUnixTimestamp64Milli({from_ms:Int64}, 'UTC')
    AND received_at < fromUnixTimestamp64Milli({to_ms:Int64}, 'UTC')
GROUP BY day, reason
ORDER BY day, reason
LIMIT {limit:UInt32}
