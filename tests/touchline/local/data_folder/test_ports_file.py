"""Ports stay the same from one start to the next."""

import socket
import stat
from contextlib import ExitStack
from pathlib import Path

import pytest

from deploy.ports import LOOPBACK, is_free
from touchline.local.data_folder.ports_file import NAME, port_for


def test_part_keeps_its_port(tmp_path: Path) -> None:
    ports = {}
    with ExitStack() as running:  # each part listens before the next port is chosen
        for part in ("kafka", "clickhouse", "metrics"):
            ports[part] = port_for(tmp_path, part)
            running.enter_context(socket.create_server((LOOPBACK, ports[part])))
    assert len(set(ports.values())) == 3
    assert {part: port_for(tmp_path, part) for part in ports} == ports


def test_port_of_another_program_is_replaced(tmp_path: Path) -> None:
    with socket.socket() as other_program:
        other_program.bind(("127.0.0.1", 0))
        other_program.listen(1)
        taken = other_program.getsockname()[1]
        (tmp_path / "ports.json").write_text(f'{{"kafka": {taken}}}')
        moved: list[str] = []
        other = port_for(tmp_path, "kafka", moved.append)
    assert other != taken
    assert moved == [f"Another program uses port {taken}: kafka moves to {other}. Change it in its clients."]
    assert port_for(tmp_path, "kafka") == other


DAMAGED = [
    b"", b"\n", b"[]", b"null", b"7", b'{"kafka": 1', b'{"kafka": "x"}', b'{"kafka": 99999}', b'{"kafka": 0}',
    b'{"kafka": -1}', b'{"kafka": 1.5}', b'{"kafka": null}', b'{"kafka": true}', b"\xff\xfe{}", b'{"kafka": 1e400}',
    b'{"kafka": {"port": 1}}', b"\x00" * 64,
]  # fmt: skip


@pytest.mark.parametrize("content", DAMAGED)
def test_damaged_file_is_replaced(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NAME).write_bytes(content)
    port = port_for(tmp_path, "kafka")
    assert is_free(port)
    assert port_for(tmp_path, "kafka") == port


def test_only_the_owner_can_read_the_file(tmp_path: Path) -> None:
    port_for(tmp_path, "kafka")
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [NAME]
