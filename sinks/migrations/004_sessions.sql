-- The runs of one identifier's UTC day: touches at most 30 minutes apart. What crosses midnight or identifiers is joined when
-- read.
CREATE TABLE IF NOT EXISTS session_pieces
(
    tenant             LowCardinality(String),
    folded_into        String,
    day                Date,
    firsts             Array(Int64),
    lasts              Array(Int64),
    touches            Array(UInt32),
    entry_ids          Array(String),
    landing_pages      Array(String),
    sources            Array(String),
    activity_partition UInt16,
    activity_offset    UInt64
)
ENGINE = ReplacingMergeTree(activity_offset)
ORDER BY (tenant, folded_into, day)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS session_pieces_trial AS session_pieces ENGINE = Null;

-- Sessions of every profile: runs at most 30 minutes (1,800,000 ms) apart belong together, over identifiers and midnights; a
-- stretch of more than 24 hours (86,400,000 ms) is cut at UTC midnights. For the sessions of one profile use `sessions_of`.
CREATE OR REPLACE VIEW sessions AS
WITH
    runs AS
    (
        SELECT
            p.tenant AS tenant,
            if(i.profile = '', p.folded_into, i.profile) AS profile,
            p.folded_into AS identifier,
            p.day AS day,
            arrayJoin(arrayZip(p.firsts, p.lasts, p.touches, p.entry_ids, p.landing_pages, p.sources)) AS run,
            run.1 AS first,
            run.2 AS last,
            run.3 AS n,
            run.4 AS entry_id,
            run.5 AS landing,
            run.6 AS origin
        FROM (SELECT * FROM session_pieces FINAL) AS p
        LEFT JOIN identity_profiles AS i ON i.tenant = p.tenant AND i.identifier = p.folded_into
    ),
    marked AS
    (
        SELECT
            *,
            row_number() OVER (PARTITION BY tenant, profile ORDER BY first, entry_id) = 1
                OR first > 1800000 + max(last) OVER (PARTITION BY tenant, profile ORDER BY first, entry_id
                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS opens
        FROM runs
    ),
    numbered AS
    (
        SELECT
            *,
            sum(opens) OVER (PARTITION BY tenant, profile ORDER BY first, entry_id
                ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS stretch
        FROM marked
    ),
    cut AS
    (
        SELECT
            *,
            if(max(last) OVER (PARTITION BY tenant, profile, stretch)
                - min(first) OVER (PARTITION BY tenant, profile, stretch) > 86400000, toInt32(day), -1) AS part
        FROM numbered
    )
SELECT
    tenant,
    profile,
    fromUnixTimestamp64Milli(min(first), 'UTC') AS started_at,
    fromUnixTimestamp64Milli(max(last), 'UTC') AS ended_at,
    (max(last) - min(first)) / 1000 AS duration_s,
    sum(n) AS touches,
    argMinIf(landing, (first, entry_id), landing != '') AS landing_page,
    argMinIf(origin, (first, entry_id), origin != '') AS source,
    arraySort(groupUniqArray(identifier)) AS identifiers
FROM cut
GROUP BY tenant, profile, stretch, part;

-- The same for one profile whose identifiers are known: reads only their rows.
CREATE OR REPLACE VIEW sessions_of AS
WITH
    runs AS
    (
        SELECT
            p.tenant AS tenant,
            {profile:String} AS profile,
            p.folded_into AS identifier,
            p.day AS day,
            arrayJoin(arrayZip(p.firsts, p.lasts, p.touches, p.entry_ids, p.landing_pages, p.sources)) AS run,
            run.1 AS first,
            run.2 AS last,
            run.3 AS n,
            run.4 AS entry_id,
            run.5 AS landing,
            run.6 AS origin
        FROM session_pieces AS p FINAL
        WHERE p.tenant = {tenant:String} AND p.folded_into IN {identifiers:Array(String)}
    ),
    marked AS
    (
        SELECT
            *,
            row_number() OVER (PARTITION BY tenant, profile ORDER BY first, entry_id) = 1
                OR first > 1800000 + max(last) OVER (PARTITION BY tenant, profile ORDER BY first, entry_id
                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS opens
        FROM runs
    ),
    numbered AS
    (
        SELECT
            *,
            sum(opens) OVER (PARTITION BY tenant, profile ORDER BY first, entry_id
                ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS stretch
        FROM marked
    ),
    cut AS
    (
        SELECT
            *,
            if(max(last) OVER (PARTITION BY tenant, profile, stretch)
                - min(first) OVER (PARTITION BY tenant, profile, stretch) > 86400000, toInt32(day), -1) AS part
        FROM numbered
    )
SELECT
    tenant,
    profile,
    fromUnixTimestamp64Milli(min(first), 'UTC') AS started_at,
    fromUnixTimestamp64Milli(max(last), 'UTC') AS ended_at,
    (max(last) - min(first)) / 1000 AS duration_s,
    sum(n) AS touches,
    argMinIf(landing, (first, entry_id), landing != '') AS landing_page,
    argMinIf(origin, (first, entry_id), origin != '') AS source,
    arraySort(groupUniqArray(identifier)) AS identifiers
FROM cut
GROUP BY tenant, profile, stretch, part;
