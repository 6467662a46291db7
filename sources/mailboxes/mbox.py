"""The mails of an mbox file (RFC 4155), as Thunderbird, Apple Mail, Google Takeout, mutt and others write it.

A mail begins at a line such as `From ada@example.org Mon Nov 30 10:00:00 2026`. Programs disagree on whether they put a
`>` before such a line in a text, so a line separates mails only after a blank line, and only with a time and a year.
Google writes the zone into it, Thunderbird `From -` or nothing but `From`. A file that begins without such a line is
one mail, like an `.eml` file.
"""

from collections.abc import Iterable, Iterator
from re import compile as pattern
from typing import Final

from sources.mailboxes.raw_mail import MailBuilder, RawMail

_LONGEST_SEPARATOR: Final = 1_000  # bytes; bounds the time of the expression
_dated: Final = pattern(rb"From .*\b\d{1,2}:\d\d\b.*\b(?:19|20)\d\d\b").match
_BARE: Final = frozenset({b"From", b"From -"})


def split_mbox(lines: Iterable[bytes], keep_body: bool) -> Iterator[RawMail]:
    """Yield the mails of a file. `line_no` of a mail is the line of its separator."""
    builder: MailBuilder | None = None
    after_blank = True
    for line_no, line in enumerate(lines, 1):
        is_blank = not line.strip(b"\r\n")
        if _is_separator(line) and (after_blank or (builder is not None and builder.in_head)):
            if builder is not None:
                yield builder.build()
            builder = MailBuilder(line_no, keep_body)
        elif builder is not None:
            builder.add(line)
        elif not is_blank:
            builder = MailBuilder(line_no, keep_body)
            builder.add(line)
        after_blank = is_blank
    if builder is not None:
        yield builder.build()


def _is_separator(line: bytes) -> bool:
    if not line.startswith(b"From ") or len(line) > _LONGEST_SEPARATOR:
        return False
    return line.rstrip() in _BARE or _dated(line) is not None
