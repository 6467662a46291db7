"""The HTTP server of a collector: uvicorn with httptools and uvloop, and what happens once a second and at the end."""

import asyncio
import logging
import socket
import ssl
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import uvicorn

from sources.collector.access_log import AccessLog
from sources.collector.app import App
from sources.collector.protocol import ConnectionWatch, limited_protocol
from sources.collector.routes import Router
from sources.collector.services import Services

_BACKLOG: Final = 4_096
_TICKS_PER_S: Final = 10  # of uvicorn's main loop
_FINISH_S: Final = 30  # for requests that are in flight when the server stops


class CollectorServer(uvicorn.Server):
    """uvicorn's server with the sweep of the connections, and with an orderly end of the services.

    uvicorn repeats the signal that stopped it when it has finished, so a collector that SIGTERM stops ends by SIGTERM
    (exit code -15, 143 in a shell). What has to happen before is therefore part of `shutdown`.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        watch: ConnectionWatch,
        access_log: AccessLog,
        close: Callable[[], Awaitable[None]],
    ) -> None:
        super().__init__(config)
        self.watch = watch
        self._access_log = access_log
        self._close = close
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to accept connections, and set `listening`."""
        await super().startup(sockets)
        self.listening.set()

    async def on_tick(self, counter: int) -> bool:
        """Sweep the connections once a second."""
        if counter % _TICKS_PER_S == 0:
            self.watch.sweep(self.server_state.connections, time.monotonic())
            self._access_log.flush()
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finish the requests in flight, then close what made their touches durable."""
        await super().shutdown(sockets)
        self._access_log.flush()
        await self._close()


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket. Raises OSError, such as that of a port that is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named because asyncio disables Nagle's algorithm only where it is: answers are two writes.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    listener.setblocking(False)
    return listener


def check_certificate(cert: Path, key: Path) -> None:
    """Raise OSError or ssl.SSLError if the certificate and its key cannot be used."""
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(cert, key)


def make_server(
    services: Services,
    access_log: AccessLog,
    close: Callable[[], Awaitable[None]],
    router: Router | None = None,
    cert: Path | None = None,
    key: Path | None = None,
) -> CollectorServer:
    """Return a server, to be started by `serve(sockets=[listen(...)])`. `close` ends the services after it."""
    quiet_uvicorn()
    watch = ConnectionWatch(services.config.limits, services.metrics)
    watch.now_s = time.monotonic()
    app: Any = App(services, router or Router(), access_log)
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http=limited_protocol(watch),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,  # sources.collector.origin reads X-Forwarded-For, of trusted proxies only
        server_header=False,
        backlog=_BACKLOG,
        timeout_graceful_shutdown=_FINISH_S,
        ssl_certfile=None if cert is None else str(cert),
        ssl_keyfile=None if key is None else str(key),
    )
    return CollectorServer(config, watch, access_log, close)


def quiet_uvicorn() -> None:
    """Log only failures of the application: clients can cause uvicorn's warnings as often as they like."""
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
