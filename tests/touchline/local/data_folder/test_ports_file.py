"""The next start finds the ports that producers know."""

import socket
import stat
from contextlib import ExitStack
from pathlib import Path

import pytest

from deploy.ports import LOOPBACK, is_free
from touchline.local.data_folder.ports_file import NAME, port_for


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


DAMAGED = [
    b"", b"\n", b"[]", b"null", b"7", b'{"kafka": 1', b'{"kafka": "x"}', b'{"kafka": 99999}', b'{"kafka": 0}',
    b'{"kafka": -1}', b'{"kafka": 1.5}', b'{"kafka": null}', b'{"kafka": true}', b"\xff\xfe{}", b'{"kafka": 1e400}',
    b'{"kafka": {"port": 1}}', b"\x00" * 64,
]  # fmt: skip


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_file_is_written_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NAME).write_bytes(content)
    port = port_for(tmp_path, "kafka")
    assert is_free(port)
    assert port_for(tmp_path, "kafka") == port


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    port_for(tmp_path, "kafka")
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [NAME]
