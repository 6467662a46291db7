"""Scoring rules: their file, their validation, and which rule a touch matches.

Pure; `default.toml` holds the rules that apply when the user brings none.
"""
