"""A folder has one holder, which the error names, and none once that holder has ended."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.folder_lock import FolderInUseError, lock_folder

HOLDER = """
import sys, subprocess
from pathlib import Path
from deploy.folder_lock import lock_folder
lock = lock_folder(Path(sys.argv[1]))
heir = subprocess.Popen(
    ["sleep", sys.argv[2]], pass_fds=[lock.fd], stdout=subprocess.DEVNULL
) if sys.argv[2] != "0" else None
print("held", heir.pid if heir else 0, flush=True)
sys.stdin.read()
"""


def hold(path: Path, heir_s: float = 0) -> tuple[subprocess.Popen[str], int]:
    """Another process that holds the folder, with the process id of a child that inherited the lock (or 0)."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path), str(heir_s)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert holder.stdout is not None
    word, heir = holder.stdout.readline().split()
    assert word == "held"
    return holder, int(heir)


def end(holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.communicate()


def test_a_folder_is_created_locked_and_released(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b"
    with lock_folder(path), pytest.raises(FolderInUseError):
        lock_folder(path)
    lock_folder(path).release()


def test_the_holder_is_named(tmp_path: Path) -> None:
    holder, _ = hold(tmp_path)
    try:
        with pytest.raises(FolderInUseError, match=f"{tmp_path} is in use by process {holder.pid}; stop it"):
            lock_folder(tmp_path, wait_s=30)  # a running holder is not waited for
    finally:
        end(holder)


def test_a_killed_holder_releases_the_lock(tmp_path: Path) -> None:
    holder, _ = hold(tmp_path)
    end(holder)
    lock_folder(tmp_path).release()


def test_children_of_an_ended_holder_are_waited_for(tmp_path: Path) -> None:
    holder, heir = hold(tmp_path, heir_s=60)
    end(holder)
    try:
        with pytest.raises(FolderInUseError, match="still in use by child processes of process"):
            lock_folder(tmp_path)
    finally:
        os.kill(heir, signal.SIGKILL)
    lock_folder(tmp_path, wait_s=30).release()


def open_at(file: os.stat_result, last_fd: int) -> list[int]:
    """The open descriptors of this process for that file."""
    found = []
    for fd in range(last_fd + 1):
        try:
            if os.path.samestat(os.fstat(fd), file):
                found.append(fd)
        except OSError:  # not open
            continue
    return found


def test_a_failed_lock_leaves_no_open_file(tmp_path: Path) -> None:
    with lock_folder(tmp_path) as lock:
        for _ in range(3):
            with pytest.raises(FolderInUseError):
                lock_folder(tmp_path)
        assert open_at(os.fstat(lock.fd), lock.fd + 100) == [lock.fd]
