"""A worker: its settings checked, its stages wired, its health and metrics served.

This is where stages, tables, Kafka and ClickHouse are put together.
"""
