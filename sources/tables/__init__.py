"""Tables as sources: CSV and JSON Lines, whose columns the user maps to fields.

Nothing here sends a touch; `sources.imports` does.
"""
