-- The profile of each identifier that has a parent, by their hashes; `links` has to be before it. The first step up is the link
-- itself; the others are looked up among the links of parents, which are few. A chain is at most eight links long, as in
-- `identity_profiles`.
WITH (SELECT (groupArray(child), groupArray(above)) FROM links WHERE child IN (SELECT above FROM links)) AS upper
SELECT
    child,
    transform(above, upper.1, upper.2, above) AS b,
    transform(b, upper.1, upper.2, b) AS c,
    transform(c, upper.1, upper.2, c) AS d,
    transform(d, upper.1, upper.2, d) AS e,
    transform(e, upper.1, upper.2, e) AS f,
    transform(f, upper.1, upper.2, f) AS g,
    transform(g, upper.1, upper.2, g) AS root
FROM links
