"""Answers formatted for a terminal.

Values come in and text goes out; nothing here queries ClickHouse.
"""
