"""The command line: one module per command, its options and its messages.

Commands read settings and call the other packages, which do the work.
"""
