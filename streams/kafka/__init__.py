"""Kafka: consumer, producer, offsets, lease, assignment and topics, built on Faust and aiokafka.

No stage and no state lives here, and nothing here knows the content of a record.
"""
