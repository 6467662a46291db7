"""`touchline doctor`: checks of everything Touchline depends on, each with advice if it fails.

`examine` runs the checks; each other module checks one dependency.
"""
