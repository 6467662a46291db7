"""The state of the servers, by what their `/ready` answer."""

import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from deploy.ports import LOOPBACK, free_port
from touchline.local.data_folder.run_file import RunFile, write_run_file
from touchline.ops.server_check import ServerState, read_api, read_collector
from touchline.settings import read_settings

REASON = "Kafka at h:1 does not answer"
ADDRESS = "https://shop.example.org"


class Handler(BaseHTTPRequestHandler):
    """Answers /ready of a collector that is ready, or not while `REASON` is its trouble."""

    trouble = ""

    def do_GET(self) -> None:
        body = f"{self.trouble or 'ok'}\n".encode()
        self.send_response(503 if self.trouble else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Keep the output of the tests clean."""


@pytest.fixture
def port() -> Iterator[int]:
    server = HTTPServer((LOOPBACK, 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def state_of(folder: Path, address: str, port: int) -> ServerState | None:
    run = RunFile(os.getpid(), "127.0.0.1:1", "", "", 9100, collector=address, collector_metrics_port=port)
    write_run_file(folder, run)
    return read_collector(read_settings())


def test_without_a_running_collector_there_is_no_state(folder: Path) -> None:
    assert read_collector(read_settings()) is None
    assert state_of(folder, "", 0) is None


def test_a_ready_collector_has_no_trouble(folder: Path, port: int) -> None:
    assert state_of(folder, ADDRESS, port) == ServerState(ADDRESS, "")


def test_a_collector_that_accepts_no_touches_gives_the_reason(
    folder: Path, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Handler, "trouble", REASON)
    found = state_of(folder, ADDRESS, port)
    assert found == ServerState(ADDRESS, f"The collector at {ADDRESS} accepts no touches: {REASON}.")


def test_a_collector_that_does_not_answer_is_named(folder: Path) -> None:
    found = state_of(folder, ADDRESS, free_port())
    assert found == ServerState(ADDRESS, f"No collector answers at {ADDRESS}: `touchline up` restarts its own.")


def test_the_api_has_a_state_of_its_own(folder: Path, port: int) -> None:
    assert read_api(read_settings()) is None
    silent = f"No API answers at {ADDRESS}: `touchline up` restarts its own."
    for ready_port, trouble in ((port, ""), (free_port(), silent)):
        run = RunFile(os.getpid(), "127.0.0.1:1", "", "", 9100, api=ADDRESS, api_metrics_port=ready_port)
        write_run_file(folder, run)
        assert read_api(read_settings()) == ServerState(ADDRESS, trouble)
