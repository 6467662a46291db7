"""Small files written in one step: after a crash or on a full disk, a file has its old content or its new one.

The content goes to a temporary file of the same folder, reaches the disk (fsync), and takes the name by rename(2),
which POSIX makes atomic within one file system. Such a file is readable by its owner alone.
"""

import contextlib
import os
import tempfile
from pathlib import Path


def replace_file(path: Path, content: bytes) -> None:
    """Write `content` to `path`, mode 0600, in place of what was there. Raises OSError; the old file is then intact."""
    temporary = _write_beside(path, content)
    try:
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def create_file(path: Path, content: bytes) -> bool:
    """Write `content` to `path`, mode 0600, unless the file exists; whether this call made it. Raises OSError.

    Of several processes that call it at the same time, exactly one makes the file.
    """
    temporary = _write_beside(path, content)
    try:
        os.link(temporary, path)
    except FileExistsError:
        return False
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(path.parent)
    return True


def _write_beside(path: Path, content: bytes) -> Path:
    """A synced temporary file with the content, in the folder of `path`."""
    fd, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".new")  # mode 0600
    temporary = Path(name)
    try:
        with open(fd, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _sync_folder(folder: Path) -> None:
    """Let the name reach the disk, too, where the file system can sync a folder (others answer EINVAL)."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with contextlib.suppress(OSError):
            os.fsync(fd)
    finally:
        os.close(fd)
