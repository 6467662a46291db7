"""The connection to ClickHouse: client, errors, migrations and the row format.

Nothing here knows what a block or a touch is.
"""
