"""Restores lost rows: fills staging tables with records from Kafka, and copies the missing rows from them.

Nothing here reads Kafka; `touchline.ops.rebuild.rebuild` supplies the records.
"""
