"""`touchline import`: its commands, their options and the report.

Reading files lives in `sources`.
"""
