-- Identifiers that have touches but no row in `identities`.
SELECT folded_into AS identifier, count() AS touches, count() OVER () AS found
FROM events
WHERE tenant = {tenant:String}
    AND folded_into != ''
    AND NOT beyond_window
    AND folded_id % {slices:UInt32} = {slice:UInt32}
    AND folded_into NOT IN (SELECT identifier FROM identities WHERE tenant = {tenant:String})
GROUP BY identifier
ORDER BY identifier
LIMIT {limit:UInt32}
