"""The page of one customer: who is this, why warm, and what now?

`page.py` has the route, and each other module makes one part of the page from the answer: the header (`header.py`), the
curve (`curve.py`), the days of the timeline (`days.py`), the reasons of the score (`reasons.py`) and the tree of
identifiers (`identifiers.py`).
"""
