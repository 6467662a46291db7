"""The collector as a process: its services by the settings, its metrics page, and its start.

What happens to a request is in `sources.collector`.
"""
