"""Local services on one machine: a Kafka node with its jars and Java, the embedded engine, guarded child processes.

Nothing else of Touchline is imported here, so every other package and every test may use it.
"""
