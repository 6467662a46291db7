"""Write keys: what lets a client send touches, and for whom.

A key is shown once, when it is created (`key_format.py`). What is stored is its SHA-256 and its entry (`entry.py`).
A collector keeps entries in memory (`key_table.py`). `rates.py` is the limit of touches a second.
"""
