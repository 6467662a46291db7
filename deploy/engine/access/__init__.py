"""Access control of read-only users: statements are checked by the engine's own syntax tree.

Nothing runs a statement here or enforces limits of disk or time.
"""
