"""Small private files written atomically: after a crash or on a full disk, a file has its old or its new content.

The content is written to a temporary file in the same folder and synced (fsync), which then gets the name by rename(2);
POSIX makes that atomic within one file system. Only the owner may read such a file.
"""

import contextlib
import os
import tempfile
from pathlib import Path


def replace_file(path: Path, content: bytes) -> None:
    """Replace the file at `path` by one with `content`, mode 0600. Raises OSError; the old file is then intact."""
    temporary = _write_beside(path, content)
    try:
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def create_file(path: Path, content: bytes) -> bool:
    """Create the file at `path`, mode 0600, unless it exists; return whether this call created it. Raises OSError.

    Of several concurrent calls exactly one creates the file.
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
    """Return a synced temporary file with the content, in the folder of `path`."""
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
    """Sync the name to the disk as well, where the file system can sync a folder (others answer EINVAL)."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with contextlib.suppress(OSError):
            os.fsync(fd)
    finally:
        os.close(fd)
