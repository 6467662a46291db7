"""Keyed state: a changelog topic per table, stores in memory or RocksDB, and recovery.

A table holds bytes under keys and knows nothing of what they mean.
"""
