"""Files that are read twice: a table is checked to its end before anything of it is sent.

What can be read only once (standard input, a pipe) is copied to a temporary file while it is read for the first time.
That file has no name and no other process can open it; it ends with the import.
"""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from sources.files import STANDARD_INPUT, FileReadError, OpenFile, open_file, open_handle, standard_input


class Spool:
    """Opens files as often as it is asked to."""

    def __init__(self, folder: Path) -> None:
        """`folder`: where copies are kept; the system's folder for temporary files if it is not there."""
        self._folder = folder if os.access(folder, os.W_OK) else None
        self._copies: dict[str, IO[bytes]] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @contextmanager
    def open(self, path: str) -> Iterator[OpenFile]:
        """The file from its beginning. Raises `FileReadError`."""
        if path not in self._copies and _is_seekable(path):
            with open_file(path) as file:
                yield file
            return
        copy = self._copies.get(path) or self._copy(path)
        with os.fdopen(os.dup(copy.fileno()), "rb") as again:
            again.seek(0)
            yield open_handle(STANDARD_INPUT if path == "-" else path, again)

    def _copy(self, path: str) -> IO[bytes]:
        try:
            copy: IO[bytes] = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 - the stack closes it
            self._stack.callback(copy.close)
            if path == "-":
                shutil.copyfileobj(standard_input(), copy)
            else:
                with open(path, "rb") as once:
                    shutil.copyfileobj(once, copy)
            copy.flush()
        except OSError as error:
            name = STANDARD_INPUT if path == "-" else path
            raise FileReadError(f"{name}: cannot be kept until it is checked: {error.strerror or error}") from error
        self._copies[path] = copy
        return copy


def _is_seekable(path: str) -> bool:
    if path == "-":
        return False
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return True  # opening it reports what is wrong
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode)
