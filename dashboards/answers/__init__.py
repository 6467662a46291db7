"""Questions to the store, and their answers as plain values.

Each module runs SQL of `dashboards.queries`; nothing here formats for a screen.
"""
