"""The process prints one line when it is ready, and one sentence when it cannot start."""

import signal
import socket
import time
from pathlib import Path

import pytest
import urllib3

from tests.deploy.engine.engine_processes import Start, begin, write_users


def test_a_second_engine_on_the_path_is_refused(start: Start, tmp_path: Path) -> None:
    engine = start(tmp_path / "data")
    second = begin(tmp_path / "data", write_users(tmp_path))
    out, err = second.communicate(timeout=60)
    assert (second.returncode, out) == (1, b"")
    assert err.decode() == f"Another engine has {tmp_path / 'data'} open: stop it, or choose another --path.\n"
    assert urllib3.request("GET", engine.url + "ping").data == b"Ok.\n"


def test_a_port_that_is_taken_while_the_engine_loads_is_refused(tmp_path: Path) -> None:
    with socket.socket() as rival:
        rival.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        rival.bind(("127.0.0.1", 0))
        port = rival.getsockname()[1]
        refused = begin(tmp_path / "data", write_users(tmp_path), port=port)
        while not (tmp_path / "data" / "spool").exists():  # created after the engine has bound the port
            assert refused.poll() is None
            time.sleep(0.01)
        rival.listen()
        out, err = refused.communicate(timeout=60)
    assert (refused.returncode, out) == (1, b"")
    assert err.decode().startswith(f"Port {port} on 127.0.0.1 is not free")


def test_a_taken_port_is_refused(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = begin(tmp_path / "data", write_users(tmp_path), port=port)
        out, err = refused.communicate(timeout=60)
    assert (refused.returncode, out) == (1, b"")
    assert err.decode().startswith(f"Port {port} on 127.0.0.1 is not free")
    assert err.count(b"\n") == 1


@pytest.mark.parametrize(
    ("text", "mode", "expected"),
    [
        ("{}", 0o600, "has no user"),
        ("[", 0o600, "cannot be read"),
        ('{"a": {}}', 0o600, "cannot be read"),
        ('{"a": {"password": "x"}}', 0o644, "chmod 600"),
        (None, 0, "No such file"),
    ],
)
def test_bad_users_are_refused(tmp_path: Path, text: str | None, mode: int, expected: str) -> None:
    file = tmp_path / "users.json"
    if text is not None:
        file.write_text(text)
        file.chmod(mode)
    refused = begin(tmp_path / "data", file)
    _, err = refused.communicate(timeout=60)
    assert refused.returncode == 1
    assert expected in err.decode()
    assert err.count(b"\n") == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_engine_stops_in_order_without_output(start: Start, tmp_path: Path, number: signal.Signals) -> None:
    engine = start(tmp_path / "data", "--max-memory-mb", "600")
    client = engine.client()
    rows = client.query("SELECT value FROM system.server_settings WHERE name = 'max_server_memory_usage'").result_rows
    assert rows == [(str(600 << 20),)]
    engine.process.send_signal(number)
    out, _ = engine.process.communicate(timeout=60)
    assert (engine.process.returncode, out, engine.log.read_bytes()) == (0, b"", b"")


def test_only_loopback_is_served(start: Start, tmp_path: Path) -> None:
    engine = start(tmp_path / "data")
    listening = Path(f"/proc/{engine.ready.pid}/net/tcp")
    if not listening.exists():
        pytest.skip("needs /proc")
    wanted = f":{engine.ready.port:04X}"
    bound = [line.split()[1] for line in listening.read_text().splitlines() if line.split()[1].endswith(wanted)]
    assert "0100007F" + wanted in bound
    assert "00000000" + wanted not in bound
