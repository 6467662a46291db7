"""The demo's client: a touch is repeated with the same body until the collector accepts it."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from deploy.ports import free_port
from touchline.demo.collector_client import CollectorClient, NotAcceptedError


class Answers(HTTPServer):
    """A server that gives its answers in turn, and keeps what it received."""

    def __init__(self, statuses: list[int]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.statuses = statuses
        self.received: list[tuple[str, str, bytes]] = []


class Handler(BaseHTTPRequestHandler):
    """Answers a POST."""

    server: Answers

    def do_POST(self) -> None:
        """Keep the request and give the next answer."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((self.path, self.headers["Authorization"], body))
        self.send_response(self.server.statuses.pop(0))
        self.send_header("Retry-After", "0")
        self.end_headers()
        self.wfile.write(b'{"error":"unknown_key"}')

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""


@pytest.fixture
def server() -> Iterator[Answers]:
    served = Answers([])
    thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield served
    served.shutdown()
    thread.join()
    served.server_close()


def client_of(server: Answers) -> CollectorClient:
    return CollectorClient(f"http://127.0.0.1:{server.server_port}", "tl_key")


@pytest.mark.parametrize("before", [[], [503], [429, 500, 503]])
def test_a_touch_is_repeated_until_it_is_accepted(server: Answers, before: list[int]) -> None:
    server.statuses = [*before, 200]
    assert client_of(server).send("visits", {"type": "page"}, threading.Event())
    assert len(server.received) == len(before) + 1
    path, authorization, body = server.received[0]
    assert (path, authorization) == ("/v1/touches", "Bearer tl_key")
    assert json.loads(body) == {"channel": "visits", "type": "page"}
    assert len(set(server.received)) == 1


@pytest.mark.parametrize("status", [400, 401, 413, 422])
def test_a_refusal_for_good_is_an_error_with_the_answer(server: Answers, status: int) -> None:
    server.statuses = [status]
    with pytest.raises(NotAcceptedError, match=f"{status}.*unknown_key"):
        client_of(server).send("visits", {}, threading.Event())


def test_a_stop_ends_the_attempts() -> None:
    stop = threading.Event()
    stop.set()
    client = CollectorClient(f"http://127.0.0.1:{free_port()}", "tl_key")
    assert not client.send("visits", {}, stop)
