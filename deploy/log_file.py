"""The log of a child as its parent reads it, while the guard writes and rotates it (`guard.py: RotatingLog`).

A rotation renames the file, so its inode, not its name, tells whether an open file is still the current log.
"""

import contextlib
import io
import os
from pathlib import Path
from types import TracebackType
from typing import Self

TAIL_BYTES = 64 * 1024


class LogFile:
    """The log of one child; output of earlier children in the same file is skipped."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._start = (0, 0)  # inode, and size in bytes before this child

    def begin(self) -> io.FileIO:
        """Record where this child's part begins; return the file, open to append. Raises OSError."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = io.FileIO(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")
        state = os.fstat(file.fileno())
        self._start = (state.st_ino, state.st_size)
        return file

    def follow(self) -> "Follower":
        """Return a reader from the beginning of this child's part, across rotated files."""
        return Follower(self.path, *self._start)

    def tail(self) -> bytes:
        """Return the last bytes of this child's part, at most `TAIL_BYTES`, of the current file and the one before."""
        part = b""
        for path in (self.path, self.path.with_name(f"{self.path.name}.1")):
            try:
                with path.open("rb") as file:
                    state = os.fstat(file.fileno())
                    first = state.st_ino == self._start[0]
                    begin = self._start[1] if first and state.st_size >= self._start[1] else 0
                    file.seek(max(begin, state.st_size - (TAIL_BYTES - len(part))))
                    part = file.read(TAIL_BYTES - len(part)) + part
            except FileNotFoundError:
                break
            if first or len(part) >= TAIL_BYTES:
                break
        return part


class Follower:
    """Reads a log from a position on, through its rotations. Must be read more often than every second rotation."""

    def __init__(self, path: Path, inode: int, start_bytes: int) -> None:
        self._path = path
        self._file = path.open("rb")
        if os.fstat(self._file.fileno()).st_ino == inode:
            self._file.seek(start_bytes)
        else:  # rotated since: the beginning of this child's part is in the file before
            with contextlib.suppress(FileNotFoundError):
                before = path.with_name(f"{path.name}.1").open("rb")
                self._file.close()
                self._file = before
                if os.fstat(before.fileno()).st_ino == inode:
                    before.seek(start_bytes)

    def read(self) -> bytes:
        """Return what has been written since the last call."""
        rotated = self._is_rotated()  # checked first: a rotated file gets nothing more
        chunk = self._file.read()
        while rotated:
            self._file.close()
            self._file = self._path.open("rb")
            rotated = self._is_rotated()
            chunk += self._file.read()
        return chunk

    def _is_rotated(self) -> bool:
        try:
            return os.stat(self._path).st_ino != os.fstat(self._file.fileno()).st_ino
        except FileNotFoundError:  # between the two steps of a rotation
            return False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
