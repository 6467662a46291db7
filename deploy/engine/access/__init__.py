"""What a read-only user may run: statements judged by the engine's own syntax tree.

No statement runs here, and no limit of disk or time is watched.
"""
