"""The query API: FastAPI endpoints over `dashboards.answers`, for programs, and what the pages share with them.

`app.py` assembles the application from `services.py`. `ask.py` is a request's context: who asks, at what time, and how
a question runs. `security` decides what a viewer may see, `reader` runs questions within bounds and ends them when
their client leaves, `endpoints` has one router a topic. Answers are JSON or CSV (`answer.py`), errors problem+json
(`problem.py`).
"""
