"""Importer of tables, CSV and JSON Lines, whose columns the user maps to fields of touches.

It reads only; `sources.imports` sends the touches.
"""
