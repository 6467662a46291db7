"""The composition root: settings, the command line, workers, the local system, operations and the demo.

Everything is wired here; what is wired lives in the other packages.
"""
