"""Checks of what the store holds: parts that were set aside and rows that are missing.

They read only; `sinks.rebuild` puts back what they find missing.
"""
