-- The profiles of those identifiers that have a parent and are themselves one, by their hashes; `links` has to be before it. Others
-- are one link away from their profile. A chain is at most eight links long, as in `identity_profiles`.
WITH (SELECT (groupArray(child), groupArray(above)) FROM links WHERE child IN (SELECT above FROM links)) AS upper
SELECT
    pair.1 AS child,
    transform(pair.2, upper.1, upper.2, pair.2) AS b,
    transform(b, upper.1, upper.2, b) AS c,
    transform(c, upper.1, upper.2, c) AS d,
    transform(d, upper.1, upper.2, d) AS e,
    transform(e, upper.1, upper.2, e) AS f,
    transform(f, upper.1, upper.2, f) AS root
FROM (SELECT arrayJoin(arrayZip(upper.1, upper.2)) AS pair)
