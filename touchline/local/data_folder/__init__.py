"""The files of the data folder: credentials, keys, ports, the run file of a running system, and their owner.

Kafka's and ClickHouse's own files are not read here.
"""
