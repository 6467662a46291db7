"""The body of an INSERT as a file that the engine reads: in memory where the system can do that, else in a folder.

The engine's streaming way to insert (`send_insert`, `append`, `finish` of chDB) returns normally when the engine has
refused the block. A statement that reads a file raises, so every body becomes a file (docs/decisions/017). A file in
memory needs no room on the disk, so a full disk is reported by the engine itself, and nothing is left behind by a kill.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

# Anonymous files in memory are Linux's (memfd_create(2)); elsewhere a file of the folder is deleted after use.
IN_MEMORY = hasattr(os, "memfd_create")


@contextmanager
def spooled(parts: Iterable[memoryview], folder: Path) -> Iterator[str]:
    """Write the parts to a file, and give its path for as long as the block runs.

    OSError when there is no room for it (ENOSPC, EDQUOT on the disk, ENOMEM in memory); nothing is left then.
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
