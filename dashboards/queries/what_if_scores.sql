-- uses reweighed
-- Scores of all profiles before and after a change: how many reach each of the ascending `bounds`, and who becomes hot or no
-- longer is, those with the largest scores first.
SELECT
    count() AS profiles,
    sumMap(map(level, 1)) AS levels,
    sumMap(map(new_level, 1)) AS new_levels,
    countIf(score >= {hot:Float64}) AS hot,
    countIf(new_score >= {hot:Float64}) AS new_hot,
    countIf(enters) AS entering,
    countIf(leaves) AS leaving,
    groupArraySortedIf(20)((-new_score, profile, score), enters) AS entering_first,
    groupArraySortedIf(20)((-score, profile, new_score), leaves) AS leaving_first
FROM
(
    SELECT
        if(i.profile = '', r.folded_into, i.profile) AS profile,
        sum(r.points_before * exp2(least((r.t_ms - {at_ms:Int64}) / {half_life_ms:Int64}, 1023))) AS score,
        sum(r.points_after * exp2(least((r.t_ms - {at_ms:Int64}) / {new_half_life_ms:Int64}, 1023))) AS new_score,
        arrayCount(bound -> score >= bound, {bounds:Array(Float64)}) AS level,
        arrayCount(bound -> new_score >= bound, {bounds:Array(Float64)}) AS new_level,
        score < {hot:Float64} AND new_score >= {hot:Float64} AS enters,
        score >= {hot:Float64} AND new_score < {hot:Float64} AS leaves
    FROM reweighed AS r
    LEFT JOIN (SELECT identifier, profile FROM identity_profiles WHERE tenant = {tenant:String}) AS i
        ON i.identifier = r.folded_into
    GROUP BY profile
)
