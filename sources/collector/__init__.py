"""The collector: takes touches by HTTP and writes them to the raw topics.

A request passes these steps; each names the module to open first.

    1. Connect   protocol.py         limits of the head's size, of time and of connections; the rest is uvicorn's
    2. Route     app.py, routes.py   the whole path selects the endpoint; CORS, HEAD and OPTIONS
    3. Read      body.py             the body within its limits, decompressed
    4. Admit     keys/               the write key: tenant, source, channels, origins and rate
    5. Decode    endpoints/          one file each; payloads/json_limits.py bounds depth before JSON is parsed
    6. Stamp     origin.py           what key and connection know takes precedence over what the client sends
    7. Commit    sink.py             group_commit.py (Kafka) or spool/ (disk) before the request is answered
    8. Answer    request.py          a status, a body, and the headers that browsers need

`server.py` runs it, `metrics.py` counts it, `openapi.py` describes it.
"""
