"""A connection that breaks: a proxy that delivers the first request and loses its answer."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from deploy.ports import LOOPBACK


@contextmanager
def losing_first_answer(address: str) -> Iterator[str]:
    """Yield the address of a proxy to `address`. The first answer is read from the server and not passed on."""
    host, _, port = address.removeprefix("http://").partition(":")
    lost = threading.Event()
    listener = socket.create_server((LOOPBACK, 0))

    def serve() -> None:
        with suppress(OSError):  # the listener is closed
            while True:
                client, _ = listener.accept()
                threading.Thread(target=relay, args=(client,), daemon=True).start()

    def relay(client: socket.socket) -> None:
        with client, socket.create_connection((host, int(port))) as server, suppress(OSError):
            up = threading.Thread(target=copy, args=(client, server), daemon=True)
            up.start()
            while data := server.recv(65_536):
                if not lost.is_set():
                    lost.set()
                    client.shutdown(socket.SHUT_RDWR)
                    return
                client.sendall(data)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://{LOOPBACK}:{listener.getsockname()[1]}"
    finally:
        listener.close()
    assert lost.is_set()


def copy(source: socket.socket, target: socket.socket) -> None:
    """Pass on what a client sends until either side ends."""
    with suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
