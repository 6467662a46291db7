"""Local services on one machine: a Kafka node with its jars and Java, the embedded engine, guarded child processes.

`grafana`, `prometheus`, `clickhouse` and `compose.yaml` are for containers (docs/guides/run-with-compose.md).

Nothing else of Touchline is imported here, so every other package and every test may use it.
"""
