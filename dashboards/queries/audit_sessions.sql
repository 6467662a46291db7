-- uses owners, owned
-- Sessions from the events alone, without pieces: their number by profile, and a checksum of their contents.
SELECT
    profile,
    count() AS sessions,
    groupBitXor(cityHash64(first_ms, last_ms, touches, identifiers)) AS print
FROM
(
    SELECT
        profile,
        min(t_ms) AS first_ms,
        max(t_ms) AS last_ms,
        toUInt64(count()) AS touches,
        arraySort(groupUniqArray(folded_into)) AS identifiers
    FROM
    (
        SELECT
            *,
            if(max(t_ms) OVER (PARTITION BY profile, stretch) - min(t_ms) OVER (PARTITION BY profile, stretch) > 86400000,
                intDiv(t_ms, 86400000), -1) AS part
        FROM
        (
            SELECT *, sum(opens) OVER (PARTITION BY profile ORDER BY t_ms, event_id, folded_into
                ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS stretch
            FROM
            (
                SELECT
                    profile, folded_into, event_id, t_ms,
                    t_ms > {gap_ms:Int64} + lagInFrame(t_ms, 1, toInt64(-1000000000000)) OVER (
                        PARTITION BY profile ORDER BY t_ms, event_id, folded_into
                        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS opens
                FROM owned
                WHERE NOT bot AND NOT too_late
            )
        )
    )
    GROUP BY profile, stretch, part
)
GROUP BY profile
