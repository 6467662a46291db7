"""The composition root: settings, command line, what a worker is made of."""
