"""An ASGI application that only answers, on the server of the collector: the most that any application can reach.

Run as `python -m tests.benchmarks.noop_server`; it prints its port.
"""

import socket
from typing import Any

import uvicorn

from sources.collector.config import ConnectionLimits
from sources.collector.metrics import CollectorMetrics
from sources.collector.protocol import ConnectionWatch, limited_protocol

_HEADERS = [(b"content-type", b"application/json"), (b"content-length", b"2")]


async def answer(scope: Any, receive: Any, send: Any) -> None:
    """Read a request whole and answer `{}`."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": b"{}"})


def main() -> None:
    """Serve until SIGTERM."""
    listener = socket.create_server(("127.0.0.1", 0))
    print(f"noop: listening at http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    protocol = limited_protocol(ConnectionWatch(ConnectionLimits(), CollectorMetrics()))
    config = uvicorn.Config(
        answer, loop="uvloop", http=protocol, ws="none", lifespan="off", log_config=None, access_log=False
    )
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
