"""The file with the addresses of a running system."""

import json
import os
import stat
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from touchline.errors import CliError
from touchline.local.data_folder.run_file import NAME, RunFile, read_run_file, remove_run_file, write_run_file

HERE = RunFile(os.getpid(), "127.0.0.1:9092", "http://w:1@127.0.0.1:1/t", "http://r:2@127.0.0.1:1/t", 9100)


def test_file_exists_while_the_system_runs(folder: Path) -> None:
    assert read_run_file(folder) is None
    write_run_file(folder, HERE)
    assert read_run_file(folder) == HERE
    remove_run_file(folder)
    assert read_run_file(folder) is None
    remove_run_file(folder)


def test_only_the_owner_can_read_the_file(folder: Path) -> None:
    before = os.umask(0)
    try:
        write_run_file(folder, HERE)
        write_run_file(folder, replace(HERE, kafka="127.0.0.1:9093"))
    finally:
        os.umask(before)
    assert stat.S_IMODE((folder / NAME).stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == [NAME]


def test_file_of_an_ended_process_is_ignored(folder: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    write_run_file(folder, replace(HERE, pid=ended.pid))
    assert read_run_file(folder) is None


DAMAGED = [
    b"", b"{", b"{}", b'{"pid": 1}', b"[]", b"null", b"\xff\xfe", b"\x00" * 64,
    *(json.dumps(asdict(HERE) | wrong).encode() for wrong in (
        {"pid": "1"}, {"pid": 0}, {"pid": -1}, {"pid": 2**40}, {"pid": None}, {"kafka": 9092}, {"kafka": None},
        {"clickhouse": []}, {"metrics_port": 0}, {"metrics_port": 65_536}, {"metrics_port": "9100"},
    )),
]  # fmt: skip


@pytest.mark.parametrize("content", DAMAGED)
def test_damaged_file_is_one_sentence_with_advice(folder: Path, content: bytes) -> None:
    (folder / NAME).write_bytes(content)
    with pytest.raises(CliError, match=r"running.json is damaged .*: start `touchline up` again") as refused:
        read_run_file(folder)
    assert refused.value.code == 78
    write_run_file(folder, HERE)
    assert read_run_file(folder) == HERE


def test_file_of_a_later_version_is_read(folder: Path) -> None:
    (folder / NAME).write_text(json.dumps(asdict(HERE) | {"more": 1}))
    assert read_run_file(folder) == HERE
