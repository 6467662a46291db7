-- The hashes by which `events` is ordered, so that questions about all profiles join numbers instead of texts. They are computed
-- from the row itself when it is stored, in rows of former versions by the two last statements, or when they are read. `parent_id`
-- is 0 without a parent.
ALTER TABLE identities
    ADD COLUMN IF NOT EXISTS identifier_id UInt64 MATERIALIZED cityHash64(identifier),
    ADD COLUMN IF NOT EXISTS parent_id UInt64 MATERIALIZED if(parent = '', 0, cityHash64(parent));

ALTER TABLE session_pieces ADD COLUMN IF NOT EXISTS folded_id UInt64 MATERIALIZED cityHash64(folded_into);

ALTER TABLE identities MATERIALIZE COLUMN identifier_id, MATERIALIZE COLUMN parent_id;

ALTER TABLE session_pieces MATERIALIZE COLUMN folded_id;
