-- One record as it was received, or as it was last sent again and refused. Hexadecimal, because it may not be text.
SELECT
    raw_topic, raw_partition, raw_offset,
    toUnixTimestamp64Milli(received_at) AS received_ms,
    reason, detail, hex(original) AS original, sent_again,
    (SELECT count() FROM replayed
        WHERE raw_topic = {topic:String} AND raw_partition = {partition:UInt16} AND raw_offset = {offset:UInt64}) = 0 AS open
FROM quarantine FINAL
WHERE raw_topic = {topic:String} AND raw_partition = {partition:UInt16} AND raw_offset = {offset:UInt64}
    AND sent_again = {sent_again:UInt8}
