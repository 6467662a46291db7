"""`touchline rebuild`: stored rows that ClickHouse has lost are put back from Kafka.

The statements that compare and insert rows live in `sinks.rebuild`.
"""
