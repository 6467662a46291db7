"""The SQL of every question, a file each; values come in as server-side parameters."""
