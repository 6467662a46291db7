"""A mail as it lies in a mailbox: its header, its size and, if it is wanted, the beginning of its body."""

from re import compile as pattern
from typing import Final, NamedTuple

LARGEST_HEAD_BYTES: Final = 256 * 1024
"""The rest of a longer header is dropped. Servers refuse mails with such headers."""
LARGEST_BODY_BYTES: Final = 1024 * 1024
"""Beginning of a body that is kept if its text is wanted: attachments, which follow the text, are cut off."""

_quoted_separator: Final = pattern(rb">+From ").match


class RawMail(NamedTuple):
    """A mail of a mailbox.

    `line_no`: the line of the file where it begins, or its place in the folder, from 1. `where`: the name of its file
    in a folder, else empty. `left_out`: why the mailbox itself says that the mail was not exchanged with anybody
    (`draft`, `spam`), else empty. `body` is empty unless the text is wanted.
    """

    line_no: int
    head: bytes
    body: bytes
    size_bytes: int
    where: str = ""
    left_out: str = ""


class MailBuilder:
    """A mail whose lines are being read. It keeps `LARGEST_HEAD_BYTES` and, if asked to, `LARGEST_BODY_BYTES`."""

    def __init__(self, line_no: int, keep_body: bool, where: str = "", left_out: str = "") -> None:
        self._line_no = line_no
        self._where = where
        self._left_out = left_out
        self._head: list[bytes] = []
        self._body: list[bytes] = []
        self._head_room = LARGEST_HEAD_BYTES
        self._body_room = LARGEST_BODY_BYTES if keep_body else 0
        self._size_bytes = 0
        self.in_head = True

    def add(self, line: bytes) -> None:
        """Add the next line, with its line end."""
        self._size_bytes += len(line)
        if self.in_head:
            if not line.strip(b"\r\n"):
                self.in_head = False
            elif len(line) <= self._head_room:
                self._head.append(line)
                self._head_room -= len(line)
            else:
                self._head_room = 0  # no later field either, so that a field is never made of two halves
        elif len(line) <= self._body_room:
            self._body.append(line[1:] if _quoted_separator(line) else line)
            self._body_room -= len(line)
        else:
            self._body_room = 0

    def build(self) -> RawMail:
        """Return the mail."""
        head, body = b"".join(self._head), b"".join(self._body)
        return RawMail(self._line_no, head, body, self._size_bytes, self._where, self._left_out)
