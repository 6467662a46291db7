"""The composition root: settings, the command line, workers, the local system and operations."""
