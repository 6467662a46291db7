-- The size of each table of this database on disk. Views have no parts and are not listed.
SELECT table, sum(rows) AS rows, count() AS parts, sum(bytes_on_disk) AS size_bytes
FROM system.parts
WHERE database = currentDatabase() AND active
GROUP BY table
ORDER BY size_bytes DESC, table
