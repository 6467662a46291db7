"""The Faust application: agents, one executor per partition, and progress reports.

Only this package connects stages, tables and Kafka; nothing here knows the content of a record.
"""
