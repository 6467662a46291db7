"""A worker: its settings checked, its stages wired to Kafka and ClickHouse, its health and metrics served.

`start` is the sequence of checks, `wiring` the composition root. Nothing here imports another package of `touchline`.
"""
