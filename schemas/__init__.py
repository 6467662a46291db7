"""Data formats: channels, identifiers, touches, rows, blocks and stored values, with all their layouts.

Pure, and without imports from other packages of Touchline.
"""
