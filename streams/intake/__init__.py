"""Stage 1: raw messages become touches on `activity`, or records in the quarantine.

Everything but `stage` is pure.
"""
