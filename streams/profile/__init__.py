"""The state of a profile: touches folded into counts, scores, caps, sessions and traits.

Pure. Times and offsets come in as data.
"""
