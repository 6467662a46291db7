-- A record that is sent again out of the quarantine and refused again has a second row: the original stays beside it.
ALTER TABLE quarantine
    ADD COLUMN IF NOT EXISTS sent_again UInt8,
    MODIFY ORDER BY (raw_topic, raw_partition, raw_offset, sent_again);
