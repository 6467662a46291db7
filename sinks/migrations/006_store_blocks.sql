-- Where the store stands: the intent of each block of timeline records, written before its rows, and who owns a partition. Of
-- a partition the row with the greatest (epoch, owner, version) counts; version 0 is a claim without a block.
CREATE TABLE IF NOT EXISTS store_blocks
(
    log                String,  -- which Kafka log the offsets belong to
    timeline_partition UInt16,
    epoch              UInt64,  -- grows with every change of owner
    owner              String,
    version            UInt64,  -- 2 * last_offset + 1, and 1 more once every table has the block
    first_offset       UInt64,
    last_offset        UInt64,
    passed_before      Map(String, Int64),  -- table/activity_partition -> highest activity offset passed before the block
    passed_after       Map(String, Int64),
    written_at         DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (log, timeline_partition, epoch, owner);
