"""Everything that Touchline keeps in ClickHouse: the store stage, the client, checks, and the rebuild.

`store` is stage 3, which writes rows exactly once. `clickhouse` is the connection, `migrations` the tables as SQL,
`checks` finds lost rows and `rebuild` restores them.
"""
