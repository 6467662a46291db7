-- How much there is to look through, and how much of it is nobody's.
SELECT count() AS touches, countIf(folded_into = '') AS nobodys
FROM events FINAL
WHERE tenant = {tenant:String} AND NOT beyond_window
