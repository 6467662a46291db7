"""Identities: ties between identifiers, the claims behind them, and the hierarchy that they form.

Pure, and independent of the order in which touches arrive.
"""
