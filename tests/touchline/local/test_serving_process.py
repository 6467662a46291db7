"""Processes that serve HTTP: a start waits until they are ready, a restart until they answer."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.ports import free_port
from deploy.process import ChildError
from touchline.local import serving_process as module
from touchline.local.serving_process import ServingProcess, answers, is_ready
from touchline.settings import read_settings

SERVER = """
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(int(sys.argv[2]))
        self.end_headers()

HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


@pytest.fixture
def lock_fd(tmp_path: Path) -> Iterator[int]:
    descriptor = os.open(tmp_path / "lock", os.O_CREAT | os.O_RDWR)
    yield descriptor
    os.close(descriptor)


def serving(tmp_path: Path, lock_fd: int, status: int, code: str = SERVER) -> tuple[ServingProcess, int]:
    """Return a process whose /ready has this status, and its port."""
    port = free_port()
    argv = [sys.executable, "-c", code, str(port), str(status)]
    return ServingProcess("the server", argv, tmp_path / "server.log", read_settings(), port, lock_fd), port


def test_a_start_waits_until_the_process_is_ready(tmp_path: Path, lock_fd: int) -> None:
    process, port = serving(tmp_path, lock_fd, 200)
    process.start()
    try:
        assert is_ready(port)
        assert answers(port)
    finally:
        process.stop()


def test_a_restart_does_not_wait_for_what_the_process_needs(tmp_path: Path, lock_fd: int) -> None:
    """Kafka may have ended meanwhile, and is restarted after this returns."""
    process, port = serving(tmp_path, lock_fd, 503)
    process.restart()
    try:
        assert answers(port)
        assert not is_ready(port)
        assert process.child.alive()
    finally:
        process.stop()


def test_a_start_that_is_never_ready_is_an_error(tmp_path: Path, lock_fd: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "READY_S", 0.1)
    process, _ = serving(tmp_path, lock_fd, 503)
    with pytest.raises(ChildError, match="The server is not ready after"):
        process.start()
    process.stop()


def test_a_process_that_ends_is_an_error(tmp_path: Path, lock_fd: int) -> None:
    process, port = serving(tmp_path, lock_fd, 200, "raise SystemExit(3)")
    for begin in (process.start, process.restart):
        with pytest.raises(ChildError):
            begin()
    assert not answers(port)
