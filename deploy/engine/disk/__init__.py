"""The embedded engine's disk: free space, request bodies as files, and parts written while the disk was full.

Nothing here knows HTTP.
"""
