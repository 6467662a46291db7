"""The embedded engine's disk: free space, request bodies as files, and parts written while it was full.

Nothing here knows HTTP.
"""
