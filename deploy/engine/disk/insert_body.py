"""The body of an INSERT as a file that the engine reads: in memory where the system supports it, else in a folder.

chDB's streaming insert (`send_insert`, `append`, `finish`) returns normally when the engine has refused the rows. A
statement that reads a file raises, so every body becomes a file (docs/decisions/017). A file in memory needs no room on
the disk, so the engine itself reports a full disk, and a kill leaves nothing behind.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

# Linux has anonymous files in memory (memfd_create(2)); elsewhere a file in the folder is deleted after use.
IN_MEMORY = hasattr(os, "memfd_create")


@contextmanager
def spool(parts: Iterable[memoryview], folder: Path) -> Iterator[str]:
    """Write the parts to a file and yield its path; the file exists as long as the context.

    Raises OSError if there is no room for it (ENOSPC, EDQUOT on the disk, ENOMEM in memory); nothing is left then.
    """
    with _file(folder) as file:
        for part in parts:
            file.write(part)
        file.flush()
        yield f"/proc/self/fd/{file.fileno()}" if IN_MEMORY else str(file.name)


def _file(folder: Path) -> "IO[bytes] | tempfile._TemporaryFileWrapper[bytes]":
    if IN_MEMORY:
        return os.fdopen(os.memfd_create("insert", os.MFD_CLOEXEC), "wb")
    return tempfile.NamedTemporaryFile(dir=folder)
