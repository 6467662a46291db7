"""Write keys: what lets a client send touches, and for whom.

A key is shown once, when it is created (`key_format.py`). What is stored is its SHA-256 and its entry (`entry.py`), as
records of a compacted topic (`entry_layout.py`). A collector keeps entries in memory (`key_table.py`). `origins.py` and
`rates.py` are limits of an entry that a request can exceed; `redaction.py` removes keys from what is stored.
"""
