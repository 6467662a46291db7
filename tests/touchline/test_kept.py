"""What the next start finds again."""

import socket
from contextlib import ExitStack
from pathlib import Path

from deploy.ports import LOOPBACK
from touchline.kept import READER, WRITER, port_for, users


def test_a_part_keeps_its_port(tmp_path: Path) -> None:
    ports = {}
    with ExitStack() as running:  # each part listens before the next one asks
        for part in ("kafka", "clickhouse", "metrics"):
            ports[part] = port_for(tmp_path, part)
            running.enter_context(socket.create_server((LOOPBACK, ports[part])))
    assert len(set(ports.values())) == 3
    assert {part: port_for(tmp_path, part) for part in ports} == ports


def test_a_port_that_is_taken_is_given_up(tmp_path: Path) -> None:
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen(1)
        taken = somebody.getsockname()[1]
        (tmp_path / "ports.json").write_text(f'{{"kafka": {taken}}}')
        other = port_for(tmp_path, "kafka")
    assert other != taken
    assert port_for(tmp_path, "kafka") == other


def test_half_a_file_is_no_ports(tmp_path: Path) -> None:
    (tmp_path / "ports.json").write_text('{"kafka": 1')
    assert port_for(tmp_path, "kafka") > 1


def test_users_are_made_once_and_shown_to_nobody_else(tmp_path: Path) -> None:
    passwords, path = users(tmp_path)
    assert set(passwords) == {WRITER, READER}
    assert users(tmp_path) == (passwords, path)
    assert path.stat().st_mode & 0o077 == 0
