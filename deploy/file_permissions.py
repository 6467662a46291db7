"""Permissions of files: a data folder holds personal data, which only its owner may read."""

import contextlib
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def is_open_to_others(path: Path) -> bool:
    """Return whether group or others have any permission on this file or folder; False for a symbolic link."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return False
    return not stat.S_ISLNK(mode) and bool(mode & OTHERS)


def restrict_to_owner(paths: Iterable[Path]) -> bool:
    """Remove every permission of group and others from these files and folders, recursively.

    A folder that has none is not searched. Return whether anything was changed. Symbolic links are not followed.
    Raises PermissionError for a file of another user.
    """
    changed = False
    for path in paths:
        if is_open_to_others(path):
            changed = True
            for one in _with_all_below(path):
                with contextlib.suppress(FileNotFoundError):  # another process may remove files meanwhile
                    if is_open_to_others(one):
                        one.chmod(stat.S_IMODE(one.lstat().st_mode) & ~OTHERS)
    return changed


def _with_all_below(path: Path) -> Iterator[Path]:
    yield path
    for folder, folders, files in os.walk(path):
        yield from (Path(folder, name) for name in (*folders, *files))
