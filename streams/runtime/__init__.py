"""The Faust application: agents, one executor per partition, and progress reports.

Only this room connects stages, tables and Kafka; it decides nothing about a touch.
"""
