"""Importer of mail logs with lines `sender receiver seconds`, separated by white space, into the channel `emails`.

The log is of an institution that received the mails: each line is a touch of its sender with the type `received` and
the direction `inbound`, and the receiver is kept as `properties.to`. A person that is a number becomes an address under
a domain reserved by RFC 2606; an address is kept.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from schemas.plural import counted
from sources.line_ids import LineIds
from sources.outcome import Emit, Outcome, Reject, Skip, excerpt

_MAX_DIGITS = 11  # more than three thousand years


@dataclass(frozen=True, slots=True)
class MailLogOptions:
    """Options of the importer of mail logs.

    `start_ms`: time of second 0 in milliseconds since 1970 (0 for a log of Unix times). `domain`: domain of the
    addresses that stand for numbers.
    """

    start_ms: int
    domain: str = "eu-core.example"


def read_mail_log(lines: Iterable[bytes], options: MailLogOptions) -> Iterator[Outcome]:
    """Yield one outcome per line. Lines that start with `#` are skipped as `comment`.

    Reasons of rejection: not_utf8, columns (not three), bad_seconds, bad_person, cut_short (the file ends without a
    line end, so that the last number may be incomplete).
    """
    ids = LineIds("mail-log")
    for line_no, line in enumerate(lines, 1):
        if not line.strip():
            yield Skip("blank")
        elif line.startswith(b"#"):
            yield Skip("comment")
        else:
            yield _outcome(line, line_no, options, ids)


def _outcome(line: bytes, line_no: int, options: MailLogOptions, ids: LineIds) -> Outcome:
    try:
        cells = line.decode("utf-8").split()
    except UnicodeDecodeError as error:
        return Reject("not_utf8", line_no, f"byte {error.start + 1} is not UTF-8")
    if not line.endswith(b"\n"):
        return Reject("cut_short", line_no, "the file ends within this line: its last number may be incomplete")
    if len(cells) != 3:
        return Reject("columns", line_no, f"{counted(len(cells), 'column')}, not 3: {excerpt(' '.join(cells))}")
    sender, receiver, seconds = cells
    if not (seconds.isascii() and seconds.isdigit()) or len(seconds) > _MAX_DIGITS:
        return Reject("bad_seconds", line_no, f"{excerpt(seconds)} is not a number of seconds")
    addresses = _address(sender, options.domain), _address(receiver, options.domain)
    if not all(addresses):
        wrong = sender if not addresses[0] else receiver
        return Reject("bad_person", line_no, f"{excerpt(wrong)} is neither a number nor an address")
    touch = {
        "event_id": ids.next(line),
        "type": "received",
        "occurred_at": options.start_ms + int(seconds) * 1000,
        "email": addresses[0],
        "direction": "inbound",
        "source": "mail-log",
        "properties": {"to": addresses[1]},
    }
    return Emit("emails", touch, line_no=line_no)


def _address(person: str, domain: str) -> str:
    """Return `p12@domain` for the number 12, an address as it is, and empty text for anything else."""
    if person.isascii() and person.isdigit():
        return f"p{person}@{domain}"
    name, at, host = person.rpartition("@")
    return person if name and at and host else ""
