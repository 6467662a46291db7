"""The embedded ClickHouse engine as a server of its own: one process, one path, HTTP on loopback.

`python -m deploy.engine --path DIR --port 0 --users FILE` opens the engine that the chdb wheel brings and answers as a
ClickHouse server answers, so that whatever speaks to a server speaks to it. It knows nothing of what is kept in it.

A request goes through `server` (HTTP), `wire` (what the request says), `users` (who asks), `compression` (its body),
`statement` and `readonly` (what it asks for), `database` (the engine runs it), and comes back. `launch` is for those
who start the process.
"""
