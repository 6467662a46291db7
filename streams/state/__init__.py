"""Keyed state: a changelog topic per table, stores in memory or RocksDB, recovery and standbys.

Keys and values are bytes; nothing here knows their meaning.
"""
