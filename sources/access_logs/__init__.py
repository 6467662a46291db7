"""The formats of access logs: how a line of each becomes a request, and how a file's format is detected."""
