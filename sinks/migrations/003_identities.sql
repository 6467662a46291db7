-- Who belongs to whom: each identifier's parent. One without a parent is a profile.
CREATE TABLE IF NOT EXISTS identities
(
    tenant             LowCardinality(String),
    identifier         String,
    parent             String,
    since              DateTime64(3, 'UTC'),
    why                LowCardinality(String),
    conflicts          Array(String),
    activity_partition UInt16,
    activity_offset    UInt64
)
ENGINE = ReplacingMergeTree(activity_offset)
ORDER BY (tenant, identifier)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS identities_trial AS identities ENGINE = Null;

-- The same from the parent's side. A child that left is still listed under its former parent: a reader checks each child
-- against `identities`.
CREATE TABLE IF NOT EXISTS identity_children
(
    tenant             LowCardinality(String),
    parent             String,
    identifier         String,
    activity_partition UInt16,
    activity_offset    UInt64
)
ENGINE = ReplacingMergeTree(activity_offset)
ORDER BY (tenant, parent, identifier)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS identity_children_feed TO identity_children AS
SELECT tenant, parent, identifier, activity_partition, activity_offset
FROM identities
WHERE parent != '';

-- identifier -> profile, and how many steps up it is. A parent is always of a stronger namespace, so a chain is shorter than
-- the list of namespaces: eight steps are looked up.
CREATE OR REPLACE VIEW identity_profiles AS
WITH upward AS (SELECT tenant, identifier, parent FROM identities FINAL WHERE parent != '')
SELECT
    i.tenant AS tenant,
    i.identifier AS identifier,
    multiIf(
        i.parent = '', i.identifier,
        a.parent = '', i.parent,
        b.parent = '', a.parent,
        c.parent = '', b.parent,
        d.parent = '', c.parent,
        e.parent = '', d.parent,
        f.parent = '', e.parent,
        g.parent = '', f.parent,
        g.parent) AS profile,
    toUInt8((i.parent != '') + (a.parent != '') + (b.parent != '') + (c.parent != '') + (d.parent != '')
        + (e.parent != '') + (f.parent != '') + (g.parent != '')) AS depth
FROM (SELECT tenant, identifier, parent FROM identities FINAL) AS i
LEFT JOIN upward AS a ON a.tenant = i.tenant AND a.identifier = i.parent
LEFT JOIN upward AS b ON b.tenant = i.tenant AND b.identifier = a.parent
LEFT JOIN upward AS c ON c.tenant = i.tenant AND c.identifier = b.parent
LEFT JOIN upward AS d ON d.tenant = i.tenant AND d.identifier = c.parent
LEFT JOIN upward AS e ON e.tenant = i.tenant AND e.identifier = d.parent
LEFT JOIN upward AS f ON f.tenant = i.tenant AND f.identifier = e.parent
LEFT JOIN upward AS g ON g.tenant = i.tenant AND g.identifier = f.parent;
