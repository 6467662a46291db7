-- Tenants that have profiles. The table is ordered by tenant.
SELECT DISTINCT tenant FROM profiles ORDER BY tenant LIMIT {limit:UInt32}
