"""The embedded ClickHouse engine as a server: one process, one path, HTTP on loopback.

`python -m deploy.engine --path DIR --port 0 --users FILE` opens the engine of the chdb wheel and answers like a
ClickHouse server, so that every client of a server can use it. It knows nothing of the data in it.

A request passes `http` (parsing, authentication, compression), `access` (whether a read-only user may run it),
`database` (the engine runs it), `disk` (room for inserts) and `native` (blocks for the client's revision). `launch`
starts the process.
"""
