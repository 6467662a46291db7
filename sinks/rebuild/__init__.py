"""Restores lost rows: staging tables filled from Kafka, and the missing rows copied from them.

Nothing here reads Kafka; `touchline.ops.rebuild.rebuild` brings the records.
"""
