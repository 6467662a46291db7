"""A mail as touches of the channel `emails`: one for each customer who wrote it, or to whom we wrote it.

A mail of an own address is `sent` to each outsider among its recipients. A mail of an outsider is `received`, or
`replied` with an `In-Reply-To`; other outsiders who got a copy of it took no part, and have no touch. The event id is
made of the Message-ID and the address, so that copies of a mail in several mailboxes count once.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from re import compile as pattern
from typing import Final

from schemas.raw_touch import LONGEST_ID
from sources.mailboxes.body_text import read_body_text
from sources.mailboxes.headers import Headers, Mailbox
from sources.mailboxes.mail_times import read_mail_time
from sources.mailboxes.own_addresses import OwnAddresses
from sources.mailboxes.raw_mail import RawMail
from sources.outcome import FURTHER_TOUCH, Emit, Outcome, RawTouch, Reject, Skip, excerpt
from sources.payloads.composed_ids import composed_id
from sources.payloads.event_fields import without_empty
from sources.payloads.shown_texts import label_of, line_of

RECIPIENTS: Final = ("to", "cc", "bcc")
_message_id: Final = pattern(r"<[^<>\s]+>").search
_GMAIL_LABELS: Final = {"drafts": "draft", "spam": "spam"}


@dataclass(frozen=True, slots=True)
class MailboxOptions:
    """Options of the importers of mailboxes.

    `own`: addresses whose mails are outbound. `with_text`: whether the mail's text is kept. `tenant`: tenant of the
    touches; '' means the default of the contract.
    """

    own: OwnAddresses
    with_text: bool = False
    tenant: str = ""


def read_mails(mails: Iterable[RawMail | Reject], options: MailboxOptions) -> Iterator[Outcome]:
    """Yield at least one outcome per mail, and one for each further customer (note `further_touch`).

    Reasons of rejection: not_a_mail (no header), no_sender, no_time (no time with its zone), unreadable (a file of a
    folder). Reasons of skipping: internal (between own addresses), no_recipient, automatic (an answer by a machine to
    us, RFC 3834), draft, spam.
    """
    for mail in mails:
        if isinstance(mail, Reject):
            yield mail
        else:
            yield from map_mail(mail, options)


def map_mail(mail: RawMail, options: MailboxOptions) -> list[Outcome]:
    """Return the outcomes of one mail."""
    headers = Headers(mail.head)
    if not headers:
        return [_reject(mail, "not_a_mail", "it has no header fields")]
    if left_out := mail.left_out or _gmail_label(headers):
        return [Skip(left_out)]
    senders = headers.mailboxes("from") or headers.mailboxes("sender")
    if not senders:
        return [_reject(mail, "no_sender", f"From is {excerpt(headers.text('from'))}, which has no address")]
    recipients = headers.mailboxes(*RECIPIENTS)
    is_outbound = any(options.own.has(sender.spelling) for sender in senders)
    people = [one for one in (recipients if is_outbound else senders) if not options.own.has(one.spelling)]
    if not people:
        return [Skip("internal" if recipients else "no_recipient")]
    if not is_outbound and headers.text("auto-submitted").partition(";")[0].strip().lower() not in ("", "no"):
        return [Skip("automatic")]
    occurred_at_ms = read_mail_time(headers)
    if occurred_at_ms is None:
        detail = f"Date is {excerpt(headers.text('date'))}: no plausible time with a zone, and no Received has one"
        return [_reject(mail, "no_time", detail)]
    ours = [one.spelling for one in (senders if is_outbound else recipients) if options.own.has(one.spelling)]
    common = _common(mail, headers, occurred_at_ms, is_outbound, ours, options)
    mail_id = common.get("message_id") or _id_of_fields(headers)
    return [
        Emit(
            "emails",
            _touch(common, person, composed_id(mail_id, person.spelling), is_outbound),
            (FURTHER_TOUCH,) if n else (),
            mail.line_no,
        )
        for n, person in enumerate(people)
    ]


def _common(
    mail: RawMail, headers: Headers, occurred_at_ms: int, is_outbound: bool, ours: list[str], options: MailboxOptions
) -> RawTouch:
    """Return the fields that the touches of all customers of a mail have."""
    answered = _message_id_of(headers, "in-reply-to")
    kind = "sent" if is_outbound else "replied" if headers.raw("in-reply-to") else "received"
    properties = {
        "from" if is_outbound else "to": ", ".join(ours),
        "in_reply_to": answered,
        "size_bytes": mail.size_bytes,
        "text": read_body_text(mail.head, mail.body) if options.with_text else "",
    }
    return without_empty(
        {
            "type": kind,
            "occurred_at": occurred_at_ms,
            "direction": "outbound" if is_outbound else "inbound",
            "source": "mailbox",
            "tenant": options.tenant,
            "message_id": _message_id_of(headers, "message-id"),
            "subject": line_of(headers.text("subject")),
            "properties": without_empty(properties),
        }
    )


def _touch(common: RawTouch, person: Mailbox, event_id: str, is_outbound: bool) -> RawTouch:
    touch = {"event_id": event_id, **common, "email": person.address}
    name = label_of(person.name)
    # Only the sender's own name is a trait: the name of a recipient is what somebody typed or pasted.
    if is_outbound or not name or "@" in name:
        return touch
    properties = common["properties"]
    assert isinstance(properties, dict)
    return {**touch, "properties": {**properties, "traits": {"name": name}}}


def _message_id_of(headers: Headers, name: str) -> str:
    """Return a message id with its angle brackets, '' if the field has none of a usable length."""
    found = _message_id(headers.text(name))
    return found[0] if found and len(found[0]) <= LONGEST_ID else ""


def _id_of_fields(headers: Headers) -> str:
    """Return an id of a mail without a Message-ID: of the fields that all copies of it share."""
    return composed_id(*(headers.raw(name) for name in ("date", "from", "to", "cc", "subject", "message-id")))


def _gmail_label(headers: Headers) -> str:
    """Return `draft` or `spam` for a mail of Google Takeout with that label, else ''."""
    labels = headers.text("x-gmail-labels").lower().split(",")
    return next((_GMAIL_LABELS[label.strip()] for label in labels if label.strip() in _GMAIL_LABELS), "")


def _reject(mail: RawMail, reason: str, detail: str) -> Reject:
    return Reject(reason, mail.line_no, f"{mail.where}: {detail}" if mail.where else detail)
