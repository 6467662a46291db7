"""`touchline rebuild`: rows that ClickHouse has lost are restored from Kafka.

The statements that compare and insert rows live in `sinks.rebuild`.
"""
