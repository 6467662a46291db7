"""Answers as a person reads them in a terminal.

Values in, text out: nothing here asks ClickHouse.
"""
