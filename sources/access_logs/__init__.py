"""Importer of access logs: formats, their detection, and the mapping of requests to touches.

It reads only; `sources.imports` sends the touches.
"""
