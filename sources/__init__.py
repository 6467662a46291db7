"""Clients that send touches: the emitter, which is public API, and importers of logs and tables.

They know the contract of the raw topics (`schemas`) and nothing of the pipeline that reads them.
"""
