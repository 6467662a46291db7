import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from touchline.run_file import NAME, RunFile, read_run_file, remove_run_file, write_run_file

HERE = RunFile(os.getpid(), "127.0.0.1:9092", "http://w:1@127.0.0.1:1/t", "http://r:2@127.0.0.1:1/t", 9100)


def test_it_says_what_runs(folder: Path) -> None:
    assert read_run_file(folder) is None
    write_run_file(folder, HERE)
    assert read_run_file(folder) == HERE
    remove_run_file(folder)
    assert read_run_file(folder) is None
    remove_run_file(folder)


def test_only_its_owner_reads_the_passwords(folder: Path) -> None:
    before = os.umask(0)
    try:
        write_run_file(folder, HERE)
        write_run_file(folder, replace(HERE, kafka="127.0.0.1:9093"))
    finally:
        os.umask(before)
    assert stat.S_IMODE((folder / NAME).stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == [NAME]


def test_what_has_ended_does_not_run(folder: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    write_run_file(folder, replace(HERE, pid=ended.pid))
    assert read_run_file(folder) is None


@pytest.mark.parametrize("text", ["", "{", "{}", '{"pid": 1}', "[]"])
def test_a_broken_file_is_as_good_as_none(folder: Path, text: str) -> None:
    (folder / NAME).write_text(text)
    assert read_run_file(folder) is None
