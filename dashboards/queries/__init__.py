"""The SQL of all questions, one file each, with server-side parameters.

No Python lives here; `dashboards.answers` runs the files.
"""
