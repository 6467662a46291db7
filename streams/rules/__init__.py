"""Scoring rules: their file, its validation, and the rule that a touch matches.

Pure. `default.toml` has the rules of a site without a file of its own.
"""
