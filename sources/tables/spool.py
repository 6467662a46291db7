"""Files that can be read twice, since a table is checked to its end before its first touch is sent.

Standard input and pipes, which can be read only once, are copied to a temporary file. The file has no name, so no other
process can open it, and it is deleted when the import ends.
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
    """A context in which a file can be opened several times."""

    def __init__(self, folder: Path) -> None:
        """`folder`: folder of the copies; without write access, the system's folder of temporary files is used."""
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
        """Open a file at its beginning. Raises `FileReadError`."""
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
            raise FileReadError(f"{name}: cannot be copied for the check: {error.strerror or error}") from error
        self._copies[path] = copy
        return copy


def _is_seekable(path: str) -> bool:
    if path == "-":
        return False
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return True  # opening the file reports the error
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode)
