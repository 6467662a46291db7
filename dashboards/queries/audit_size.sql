-- The number of touches, and how many of them have no identifier.
SELECT count() AS touches, countIf(folded_into = '') AS touches_without_identifier
FROM events FINAL
WHERE tenant = {tenant:String} AND NOT beyond_window
