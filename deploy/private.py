"""Rights of files: a data folder holds personal data, which only its owner may read."""

import contextlib
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def is_open(path: Path) -> bool:
    """Whether group or others have any right to this file or folder itself. A symbolic link or a missing file: no."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return False
    return not stat.S_ISLNK(mode) and bool(mode & OTHERS)


def close_to_others(paths: Iterable[Path]) -> bool:
    """Take every right of group and others away from these files, and from folders with all that is below them.

    A file or folder that is closed already is not looked into. Returns whether anything was changed. Symbolic links
    are not followed. Raises PermissionError for a file of another user.
    """
    changed = False
    for path in paths:
        if is_open(path):
            changed = True
            for one in _with_all_below(path):
                with contextlib.suppress(FileNotFoundError):  # another process may remove files meanwhile
                    if is_open(one):
                        one.chmod(stat.S_IMODE(one.lstat().st_mode) & ~OTHERS)
    return changed


def _with_all_below(path: Path) -> Iterator[Path]:
    yield path
    for folder, folders, files in os.walk(path):
        yield from (Path(folder, name) for name in (*folders, *files))
