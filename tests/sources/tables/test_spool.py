"""Files that are opened twice."""

import gzip
import io
import os
import sys
import threading
from pathlib import Path

import pytest

from sources.files import FileReadError
from sources.tables.spool import Spool


def test_a_file_can_be_opened_twice(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_bytes(gzip.compress(b"a\nb\n"))
    with Spool(tmp_path) as spool:
        for _ in range(3):
            with spool.open(str(path)) as file:
                assert list(file) == [b"a\n", b"b\n"]
    assert os.listdir(tmp_path) == ["calls.csv"]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("there", [True, False])
def test_standard_input_can_be_opened_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packed: bool, there: bool
) -> None:
    content = gzip.compress(b"a\nb\n") if packed else b"a\nb\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(content))))
    folder = tmp_path if there else tmp_path / "not there"
    with Spool(folder) as spool:
        for _ in range(2):
            with spool.open("-") as file:
                assert b"".join(file.blocks()) == b"a\nb\n"
                assert file.name == "standard input"
                assert file.size_bytes == file.read_bytes() == len(content)
        assert os.listdir(tmp_path) == []


def test_a_pipe_can_be_opened_twice(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b"a\nb\n",))
    writer.start()
    with Spool(tmp_path) as spool:
        for _ in range(2):
            with spool.open(str(pipe)) as file:
                assert list(file) == [b"a\n", b"b\n"]
    writer.join()


@pytest.mark.parametrize(("name", "words"), [("missing", "there is no such file"), ("", "this is a folder")])
def test_a_file_that_cannot_be_opened_raises(tmp_path: Path, name: str, words: str) -> None:
    with Spool(tmp_path) as spool, pytest.raises(FileReadError, match=words), spool.open(str(tmp_path / name)):
        pass


def test_closed_standard_input_raises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with (
        Spool(tmp_path) as spool,
        pytest.raises(FileReadError, match="standard input is closed"),
        spool.open("-"),
    ):
        pass
