"""The mails of a folder in Maildir format (cr.yp.to/proto/maildir.html): one file each, in `cur` and `new`.

Subfolders are read, too: those of Maildir++ (`.Sent`) and plain ones. Drafts are left out, by the flag `D` in the name
of the file or by the name of the folder, and so is what lies in a folder of spam. Files may be packed with gzip, as
Dovecot does.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sources.files import FileReadError, open_file
from sources.mailboxes.raw_mail import MailBuilder, RawMail
from sources.outcome import Reject

_MAIL_FOLDERS: Final = ("cur", "new")
_FOLDERS: Final = {"drafts": "draft", "templates": "draft", "junk": "spam", "spam": "spam"}
_FLAGS: Final = ":2,"


class Maildir:
    """A folder of mails. `size_bytes` is the size of all its files, for a progress bar."""

    def __init__(self, name: str, files: list[Path]) -> None:
        self.name = name
        self._root = Path(name)
        self._files = files
        self._read_bytes = 0
        self.size_bytes: int | None = sum(map(_size_bytes, files))

    def read_bytes(self) -> int:
        """Return the size of the files that have been read."""
        return self._read_bytes

    def mails(self, keep_body: bool) -> Iterator[RawMail | Reject]:
        """Yield the mails in the order of their names; `line_no` is the place of a mail, from 1."""
        for nth, path in enumerate(self._files, 1):
            where = str(path.relative_to(self._root))
            builder = MailBuilder(nth, keep_body, where, _left_out(path.relative_to(self._root)))
            try:
                with open_file(str(path)) as file:
                    for line in file:
                        builder.add(line)
                yield builder.build()
            except FileReadError as error:
                yield Reject("unreadable", nth, str(error))
            self._read_bytes += _size_bytes(path)


@contextmanager
def open_maildir(path: str) -> Iterator[Maildir]:
    """List the mails of a folder. Raises `FileReadError` for a path that is no Maildir."""
    if not os.path.isdir(path):
        raise FileReadError(f"{path}: this is no folder: `touchline import mbox` reads files")
    found: list[Path] = []
    is_maildir = False
    for folder, folders, names in os.walk(path):
        folders.sort()
        if os.path.basename(folder) in _MAIL_FOLDERS and folder != path:
            is_maildir = True
            found += [Path(folder, name) for name in sorted(names)]
    if not is_maildir:
        raise FileReadError(f"{path}: this is no Maildir: it has no folder {' or '.join(_MAIL_FOLDERS)}")
    yield Maildir(path, found)


def _left_out(path: Path) -> str:
    """Return `draft` or `spam` for a file that is one by its flags or by the name of its folder, else ''."""
    if "D" in path.name.partition(_FLAGS)[2]:
        return "draft"
    folders = (name for part in path.parts[:-1] for name in part.lower().split("."))
    return next((_FOLDERS[name] for name in folders if name in _FOLDERS), "")


def _size_bytes(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # it was moved by a mail program; reading it reports that
        return 0
