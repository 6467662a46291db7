-- uses quarantine_records
-- Quarantined records by reason, and how many of them are not accepted yet.
SELECT
    last_reason AS reason,
    count() AS records,
    countIf((raw_topic, raw_partition, raw_offset) NOT IN (
        SELECT raw_topic, raw_partition, raw_offset
        FROM events
        WHERE (raw_topic, raw_partition, raw_offset) IN (SELECT raw_topic, raw_partition, raw_offset FROM quarantine)
    )) AS open,
    toUnixTimestamp64Milli(max(arrived)) AS newest_ms
FROM quarantine_records
WHERE arrived >= fromUnixTimestamp64Milli({since_ms:Int64}, 'UTC')
GROUP BY reason
ORDER BY records DESC, reason
