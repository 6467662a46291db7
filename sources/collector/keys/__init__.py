"""Write keys: what lets a client send touches, and for whom.

A key is shown once, when it is created (`key_format.py`). Kafka has its SHA-256 and its entry (`entry.py`) as a record
of a compacted topic (`entry_layout.py`, `topic.py`). Each collector follows that topic (`directory.py`) and keeps all
entries in memory (`key_table.py`); `saved_entries.py` is for those that start while Kafka is away. `origins.py` and
`rates.py` are limits of an entry that a request can exceed, and `redaction.py` removes keys from what is stored.
"""
