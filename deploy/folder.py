"""One process per data folder: an advisory lock that ends with its holder, whatever that one dies of."""

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType

LOCK_NAME = ".in-use"
RETRY_S = 0.05


class FolderInUseError(RuntimeError):
    """Another process works in the folder; the message names it."""


class Lock:
    """A claimed folder. `fd` may be handed to child processes that write there: the claim then lasts until they end."""

    def __init__(self, path: Path, fd: int) -> None:
        self.path = path
        self.fd = fd

    def release(self) -> None:
        """Give the folder back; a second call does nothing. Children that were handed `fd` keep it claimed."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1

    def __enter__(self) -> "Lock":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def claim(path: Path, wait_s: float = 0.0) -> Lock:
    """Make the folder if need be, for its owner alone (0700), and claim it for this process.

    If the holder's process is gone, its children may still be stopping: those are waited for up to `wait_s` seconds.
    A holder that lives is not waited for.

    Raises `FolderInUseError`, and `OSError` where the folder cannot be made or written.
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
    return Lock(path, fd)


def wait_for_lock(path: Path, fd: int, wait_s: float) -> None:
    """Take the lock, waiting only for what a dead holder left behind. Raises `FolderInUseError`."""
    deadline = time.monotonic() + wait_s
    while not try_lock(fd):
        holder = read_holder(fd)
        lives = holder is not None and is_running(holder)
        if lives or time.monotonic() >= deadline:
            raise FolderInUseError(describe(path, holder, lives))
        time.sleep(RETRY_S)


def try_lock(fd: int) -> bool:
    """Take the lock if nobody has it."""
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def read_holder(fd: int) -> int | None:
    """Process id that the holder wrote, if it has come to that."""
    text = os.pread(fd, 32, 0).decode("ascii", "replace").strip()
    return int(text) if text.isdigit() else None


def is_running(pid: int) -> bool:
    """Whether a process of this id exists, ours or not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    except OverflowError:  # a damaged file holds any number
        return False
    return True


def describe(path: Path, holder: int | None, lives: bool) -> str:
    """The sentence for the person who meets it."""
    if holder is None:
        return f"The folder {path} is in use by another process; stop that one or choose another folder."
    if lives:
        return f"The folder {path} is in use by process {holder}; stop it (kill {holder}) or choose another folder."
    return f"The folder {path} is still in use by what process {holder} had started; try again in half a minute."
