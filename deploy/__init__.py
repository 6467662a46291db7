"""Runs Touchline on one machine: Kafka's jars, Java, one Kafka node, the embedded engine, guarded child processes.

Imports nothing else of Touchline, so that every other package and every test may use it.
"""
