-- uses owners, owned
-- Runs of each identifier within a UTC day from the events alone: their number by profile, and a checksum of their contents.
SELECT
    profile,
    count() AS runs,
    groupBitXor(cityHash64(folded_into, day, first_ms, last_ms, touches, entry_id, landing_page, origin)) AS print
FROM
(
    SELECT
        profile, folded_into, day,
        min(t_ms) AS first_ms,
        max(t_ms) AS last_ms,
        toUInt64(count()) AS touches,
        argMin(event_id, (t_ms, event_id)) AS entry_id,
        argMinIf(page, (t_ms, event_id), page != '') AS landing_page,
        argMinIf(toString(source), (t_ms, event_id), source != '') AS origin
    FROM
    (
        SELECT *, sum(opens) OVER (PARTITION BY folded_into, day ORDER BY t_ms, event_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS run
        FROM
        (
            SELECT
                profile, folded_into, event_id, t_ms, page, source,
                intDiv(t_ms, 86400000) AS day,
                t_ms > {gap_ms:Int64} + lagInFrame(t_ms, 1, toInt64(-1000000000000)) OVER (
                    PARTITION BY folded_into, day ORDER BY t_ms, event_id
                    ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS opens
            FROM owned
            WHERE NOT bot AND NOT too_late
        )
    )
    GROUP BY profile, folded_into, day, run
)
GROUP BY profile
