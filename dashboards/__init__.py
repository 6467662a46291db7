"""How people look at what the pipeline stored: questions, their answers as plain values, and how a terminal shows them.

One question, one module: a small function over a ClickHouse client of the reading role. Its SQL lies in `queries/`, its
answer is a frozen dataclass. The time to look from comes in as an argument, in milliseconds since 1970.
"""
