"""One process of the query API: its connections, its settings and its start."""
