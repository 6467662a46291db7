-- uses reweighed, links, roots
-- Scores of all profiles before and after a change: how many reach each of the ascending `bounds`, and who becomes hot or no longer
-- is, the 20 with the largest scores first. Profiles are named by their hash, and by one of their identifiers.
SELECT
    count() AS profiles,
    sumMap(map(level, 1)) AS levels,
    sumMap(map(new_level, 1)) AS new_levels,
    countIf(score >= {hot:Float64}) AS hot,
    countIf(new_score >= {hot:Float64}) AS new_hot,
    countIf(enters) AS entering,
    countIf(leaves) AS leaving,
    groupArraySortedIf(20)((-new_score, profile_id, identifier, score), enters) AS entering_first,
    groupArraySortedIf(20)((-score, profile_id, identifier, new_score), leaves) AS leaving_first
FROM
(
    SELECT
        if(r.root != 0, r.root, linked.above_all) AS profile_id,
        min(linked.folded_into) AS identifier,
        sum(linked.before) AS score,
        sum(linked.after) AS new_score,
        arrayCount(bound -> score >= bound, {bounds:Array(Float64)}) AS level,
        arrayCount(bound -> new_score >= bound, {bounds:Array(Float64)}) AS new_level,
        score < {hot:Float64} AND new_score >= {hot:Float64} AS enters,
        score >= {hot:Float64} AND new_score < {hot:Float64} AS leaves
    FROM
    (
        SELECT if(above != 0, above, cityHash64(folded_into)) AS above_all, folded_into, before, after
        FROM links
        RIGHT JOIN
        (
            SELECT
                folded_into,
                sum(points_before * exp2(least((t_ms - {at_ms:Int64}) / {half_life_ms:Int64}, 1023))) AS before,
                sum(points_after * exp2(least((t_ms - {at_ms:Int64}) / {new_half_life_ms:Int64}, 1023))) AS after
            FROM reweighed
            GROUP BY folded_into
        ) AS touches ON links.child = cityHash64(touches.folded_into)
    ) AS linked
    LEFT ANY JOIN roots AS r ON r.child = linked.above_all
    GROUP BY profile_id
)
