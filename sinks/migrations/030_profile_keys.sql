-- A short hash of each identifier, by which the address of a page names a profile without its identifier
-- (dashboards/answers/profile_keys.py has the same formula). The index finds one of it without reading the others.
ALTER TABLE identities
    ADD COLUMN IF NOT EXISTS profile_key FixedString(10)
        MATERIALIZED substring(SHA256(concat(tenant, '|', identifier)), 1, 10),
    ADD INDEX IF NOT EXISTS profile_key_filter profile_key TYPE bloom_filter(0.001) GRANULARITY 1;

-- Rows from before have no index: it is made in the background.
ALTER TABLE identities MATERIALIZE COLUMN profile_key;

ALTER TABLE identities MATERIALIZE INDEX profile_key_filter;
