"""The embedded engine's HTTP interface: requests, authentication, compression and answers.

No SQL is read here; `deploy.engine.access` does that.
"""
