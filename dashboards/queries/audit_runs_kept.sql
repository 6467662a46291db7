-- uses owners
-- The same checksum over the stored pieces.
SELECT
    profile,
    count() AS runs,
    groupBitXor(cityHash64(folded_into, day, run.1, run.2, toUInt64(run.3), run.4, run.5, run.6)) AS print
FROM
(
    SELECT
        o.profile AS profile,
        p.folded_into AS folded_into,
        toInt64(toInt32(p.day)) AS day,
        arrayJoin(arrayZip(p.firsts, p.lasts, p.touches, p.entry_ids, p.landing_pages, p.sources)) AS run
    FROM session_pieces AS p FINAL
    INNER JOIN owners AS o ON o.identifier = p.folded_into
    WHERE p.tenant = {tenant:String}
)
GROUP BY profile
