"""A child's log as its parent reads it, while the child's guard writes and rotates it (`guard.py: Log`).

A rotation renames the file, so its inode (not its name) says whether what is open is still the current log.
"""

import contextlib
import io
import os
from pathlib import Path
from types import TracebackType
from typing import Self

TAIL_BYTES = 64 * 1024


class LogFile:
    """The log of one child. What an earlier child wrote to the same file is not read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._start = (0, 0)  # inode, bytes that were there before this child

    def begin(self) -> io.FileIO:
        """Remember where this child's part begins; the file, open to append. Raises OSError."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = io.FileIO(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")
        state = os.fstat(file.fileno())
        self._start = (state.st_ino, state.st_size)
        return file

    def follow(self) -> "Follower":
        """A reader from the beginning of this child's part, in however many files it is."""
        return Follower(self.path, *self._start)

    def tail(self) -> bytes:
        """The last bytes of this child's part, `TAIL_BYTES` at most: of the current file and the one before."""
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
    """Reads a log from a position on, through its rotations; to be asked more often than the log is rotated twice."""

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
        """What has been written since the last call."""
        rotated = self._is_rotated()  # asked first: a file that is no longer the current one gets nothing more
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
