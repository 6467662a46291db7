-- uses quarantine_records
-- Quarantined records, newest first. A corrected and accepted record is a touch with the coordinates of the original.
SELECT
    raw_topic, raw_partition, raw_offset,
    toUnixTimestamp64Milli(arrived) AS received_ms,
    last_reason AS reason, last_detail AS detail, bytes AS size_bytes, again AS sent_again,
    (raw_topic, raw_partition, raw_offset) NOT IN (SELECT raw_topic, raw_partition, raw_offset FROM replayed) AS open
FROM quarantine_records
WHERE (empty({reason:String}) OR last_reason = {reason:String})
    AND arrived >= fromUnixTimestamp64Milli({since_ms:Int64}, 'UTC')
    AND (open OR NOT {open_only:Bool})
ORDER BY arrived DESC, raw_topic, raw_partition, raw_offset DESC
LIMIT {limit:UInt32}
