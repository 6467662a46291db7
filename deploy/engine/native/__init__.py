"""ClickHouse's Native format as a client with `client_protocol_version` expects it.

chDB writes Native for revision 0: plain blocks. A client that states a revision, such as clickhouse-go and with it
Grafana's plugin, expects a header before each block and, from revision 54454, a byte before the data of each column.
`type_name` parses names of types, `column_width` finds where the data of a column ends, `blocks` writes the blocks
again with what is missing.
"""
