"""Running questions: threads of two lanes, statements with bounds and a marker, one run for all that ask the same.

An answer of `dashboards.answers` is a synchronous function. It runs in a thread of its lane (`lanes.py`) and its client
(`statements.py`) hands each statement to the asynchronous ClickHouse client of the event loop (`connection.py`). So a
question whose client has left ends at once: the statement is cancelled and killed, and the thread unwinds.
"""
