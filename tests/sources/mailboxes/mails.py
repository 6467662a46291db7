"""Mails as bytes, and what becomes of them."""

from sources.mailboxes.mail_touches import MailboxOptions, map_mail
from sources.mailboxes.own_addresses import OwnAddresses
from sources.mailboxes.raw_mail import RawMail
from sources.outcome import Emit, Outcome, RawTouch

OWN = OwnAddresses.parse(["shop.example", "kim@mail.example"])
OPTIONS = MailboxOptions(OWN)
FIELDS = {
    "From": "Ada Lovelace <ada@customer.example>",
    "To": "Sales <sales@shop.example>",
    "Date": "Mon, 30 Nov 2026 11:00:00 +0100",
    "Message-ID": "<m1@customer.example>",
    "Subject": "Question",
}
WHEN_MS = 1_796_032_800_000


def head(without: tuple[str, ...] = (), **fields: str) -> bytes:
    """Return a header: `FIELDS` with changes. A name such as `In_Reply_To` stands for `In-Reply-To`."""
    given = {name.replace("_", "-"): value for name, value in fields.items()}
    merged = {name: value for name, value in {**FIELDS, **given}.items() if name not in without}
    return "".join(f"{name}: {value}\r\n" for name, value in merged.items()).encode()


def outcomes(head_: bytes, body: bytes = b"", options: MailboxOptions = OPTIONS) -> list[Outcome]:
    """Return the outcomes of a mail that begins on line 7."""
    return map_mail(RawMail(7, head_, body, len(head_) + len(body)), options)


def touches(head_: bytes, body: bytes = b"", options: MailboxOptions = OPTIONS) -> list[RawTouch]:
    """Return the touches of a mail."""
    found = outcomes(head_, body, options)
    assert all(isinstance(one, Emit) and one.channel == "emails" and one.line_no == 7 for one in found), found
    return [one.touch for one in found if isinstance(one, Emit)]
