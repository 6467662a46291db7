"""Kafka clients: consumer, producer, offsets and partition assignment, built on Faust and aiokafka.

No stage and no state lives here, and nothing here knows what a touch is.
"""
