"""How Touchline runs on one machine: Kafka's jars, a Java, one Kafka node, and child processes that never outlive us.

Imports nothing else of Touchline, so that every other package and every test may use it.
"""
