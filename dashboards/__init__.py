"""Questions to ClickHouse: their SQL in `queries`, their answers as plain values in `answers`, and `terminal` views.

One question is one module: a function over a client of the reading role that returns a frozen dataclass. Times come in
as arguments, in milliseconds since 1970; nothing here writes to ClickHouse.
"""
