"""Checks of the stored tables: detached parts and missing rows.

They only read; `sinks.rebuild` restores what they find missing.
"""
