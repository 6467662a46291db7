"""Stage 3: blocks from `timeline` become rows in ClickHouse, each exactly once.

Everything that decides whether a block or a row is stored lives here.
"""
