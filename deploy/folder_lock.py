"""One process per data folder: an advisory lock (flock(2)) that the kernel releases when its holder ends."""

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType

LOCK_NAME = ".in-use"
RETRY_S = 0.05


class FolderInUseError(RuntimeError):
    """Another process uses the folder; the message names it."""


class FolderLock:
    """A locked folder. Child processes that write there inherit `fd`, so that the lock lasts until they end."""

    def __init__(self, path: Path, fd: int) -> None:
        self.path = path
        self.fd = fd

    def release(self) -> None:
        """Release the lock; a second call does nothing. Children that inherited `fd` keep it."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1

    def __enter__(self) -> "FolderLock":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def lock_folder(path: Path, wait_s: float = 0.0) -> FolderLock:
    """Create the folder if it is missing, for its owner alone (0700), and lock it for this process.

    If the holder has ended, its children may still be stopping: wait for them for up to `wait_s` seconds. A running
    holder is not waited for.

    Raises `FolderInUseError`, and `OSError` if the folder cannot be created or written.
    """
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    fd = os.open(path / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        wait_for_lock(path, fd, wait_s)
        os.ftruncate(fd, 0)
        os.pwrite(fd, f"{os.getpid()}\n".encode(), 0)
    except BaseException:
        os.close(fd)
        raise
    return FolderLock(path, fd)


def wait_for_lock(path: Path, fd: int, wait_s: float) -> None:
    """Take the lock, waiting only for children of a holder that has ended. Raises `FolderInUseError`."""
    deadline = time.monotonic() + wait_s
    while not try_lock(fd):
        holder = read_holder(fd)
        lives = holder is not None and is_running(holder)
        if lives or time.monotonic() >= deadline:
            raise FolderInUseError(describe(path, holder, lives))
        time.sleep(RETRY_S)


def try_lock(fd: int) -> bool:
    """Take the lock if it is free; return whether it was."""
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def read_holder(fd: int) -> int | None:
    """Return the process id that the holder wrote; None if it has not written it yet."""
    text = os.pread(fd, 32, 0).decode("ascii", "replace").strip()
    return int(text) if text.isdigit() else None


def is_running(pid: int) -> bool:
    """Return whether a process with this id exists, of whichever user."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    except OverflowError:  # a damaged file may hold any number
        return False
    return True


def describe(path: Path, holder: int | None, lives: bool) -> str:
    """Return the message of `FolderInUseError`."""
    if holder is None:
        return f"The folder {path} is in use by another process; stop that one or choose another folder."
    if lives:
        return f"The folder {path} is in use by process {holder}; stop it (kill {holder}) or choose another folder."
    return f"The folder {path} is still in use by child processes of process {holder}; try again in half a minute."
