-- A revision of a touch: its row replaces the former one, and a second row with `change` -1 takes that out of the rollups
-- (019_incoming.sql).
ALTER TABLE events
    ADD COLUMN IF NOT EXISTS revision UInt64 AFTER raw_offset,
    ADD COLUMN IF NOT EXISTS change Int8 DEFAULT 1 AFTER beyond_window;

ALTER TABLE events_trial
    ADD COLUMN IF NOT EXISTS revision UInt64 AFTER raw_offset,
    ADD COLUMN IF NOT EXISTS change Int8 DEFAULT 1 AFTER beyond_window;

ALTER TABLE arrivals
    ADD COLUMN IF NOT EXISTS revision UInt64 AFTER raw_offset,
    ADD COLUMN IF NOT EXISTS change Int8 DEFAULT 1 AFTER beyond_window;
