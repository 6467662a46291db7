"""The state of a collector, by what its `/ready` answers."""

import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from deploy.ports import LOOPBACK, free_port
from touchline.local.data_folder.run_file import RunFile, write_run_file
from touchline.ops.collector_check import CollectorState, read_collector
from touchline.settings import read_settings

ANSWERS = {"/up/ready": (200, b"ok\n"), "/waiting/ready": (503, b"Kafka at h:1 does not answer\n")}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, body = ANSWERS[self.path]
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Keep the output of the tests clean."""


@pytest.fixture
def address() -> Iterator[str]:
    server = HTTPServer((LOOPBACK, 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://{LOOPBACK}:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def state_of(folder: Path, address: str) -> CollectorState | None:
    write_run_file(folder, RunFile(os.getpid(), "127.0.0.1:1", "", "", 9100, collector=address))
    return read_collector(read_settings())


def test_without_a_running_collector_there_is_no_state(folder: Path) -> None:
    assert read_collector(read_settings()) is None
    assert state_of(folder, "") is None


def test_a_ready_collector_has_no_trouble(folder: Path, address: str) -> None:
    assert state_of(folder, f"{address}/up") == CollectorState(f"{address}/up", "")


def test_a_collector_that_accepts_no_touches_gives_the_reason(folder: Path, address: str) -> None:
    found = state_of(folder, f"{address}/waiting")
    assert found is not None
    assert found.trouble == f"The collector at {address}/waiting accepts no touches: Kafka at h:1 does not answer."


def test_a_collector_that_does_not_answer_is_named(folder: Path) -> None:
    address = f"http://{LOOPBACK}:{free_port()}"
    found = state_of(folder, address)
    assert found is not None
    assert found.trouble == f"No collector answers at {address}: `touchline up` restarts its own."
