"""Mails as touches: direction, customers, ids."""

import gzip
from collections import Counter
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.channels import CHANNELS
from sources.mailboxes.mail_touches import MailboxOptions, read_mails
from sources.mailboxes.mbox import split_mbox
from sources.mailboxes.own_addresses import OwnAddresses
from sources.mailboxes.raw_mail import RawMail
from sources.outcome import Emit, Reject, Skip
from sources.recordings import MAIL_LOG, recording
from tests.sources.mailboxes.mails import OPTIONS, OWN, WHEN_MS, head, outcomes, touches


def test_mail_of_an_outsider_is_received() -> None:
    assert touches(head(), b"Hello") == [
        {
            "event_id": "<m1@customer.example>:ada@customer.example",
            "type": "received",
            "occurred_at": WHEN_MS,
            "direction": "inbound",
            "source": "mailbox",
            "message_id": "<m1@customer.example>",
            "subject": "Question",
            "properties": {
                "to": "sales@shop.example",
                "size_bytes": len(head()) + 5,
                "traits": {"name": "Ada Lovelace"},
            },
            "email": "ada@customer.example",
        }
    ]


def test_answer_of_an_outsider_is_replied() -> None:
    (touch,) = touches(head(In_Reply_To="<offer@shop.example>"))
    assert touch["type"] == "replied"
    assert isinstance(properties := touch["properties"], dict)
    assert properties["in_reply_to"] == "<offer@shop.example>"


def test_own_mail_is_sent_to_each_outsider_once() -> None:
    found = touches(
        head(
            From="Kim <Kim@Mail.example>",
            To='"Lovelace, Ada" <ada@customer.example>, bob@customer.example, sales@shop.example',
            Cc="ADA@customer.example, =?utf-8?q?J=C3=B6rg?= <joerg@customer.example>",
        )
    )
    assert [(one["email"], one["type"], one["direction"]) for one in found] == [
        ("ada@customer.example", "sent", "outbound"),
        ("bob@customer.example", "sent", "outbound"),
        ("joerg@customer.example", "sent", "outbound"),
    ]
    assert len({one["event_id"] for one in found}) == 3
    assert isinstance(properties := found[0]["properties"], dict)
    assert properties["from"] == "kim@mail.example"
    assert "traits" not in properties
    notes = [
        one.notes
        for one in outcomes(head(From="kim@mail.example", To="a@b.example, c@d.example"))
        if isinstance(one, Emit)
    ]
    assert notes == [(), ("further_touch",)]


def test_copies_in_several_mailboxes_have_one_id() -> None:
    (mine,) = touches(head(Received="from a by b; Mon, 30 Nov 2026 10:00:05 +0000", X_Folder="inbox"))
    (theirs,) = touches(head(To="kim@mail.example, sales@shop.example", Delivered_To="kim@mail.example"))
    assert (mine["event_id"], mine["occurred_at"]) == (theirs["event_id"], theirs["occurred_at"])


def test_mail_without_message_id_has_a_stable_id() -> None:
    (one,), (same,), (other,) = (
        touches(head(without=("Message-ID",), **more)) for more in ({}, {"X_Folder": "b"}, {"Subject": "Other"})
    )
    assert one["event_id"] == same["event_id"] != other["event_id"]
    assert "message_id" not in one


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"From": "kim@mail.example"}, "internal"),
        ({"From": "kim@mail.example", "To": "undisclosed-recipients:;"}, "no_recipient"),
        ({"Auto_Submitted": "auto-replied (vacation)"}, "automatic"),
        ({"X_Gmail_Labels": "Important,Drafts"}, "draft"),
        ({"X_Gmail_Labels": "Spam"}, "spam"),
    ],
)
def test_mail_that_is_no_touch_is_skipped(changes: dict[str, str], reason: str) -> None:
    assert outcomes(head(**changes)) == [Skip(reason)]


@pytest.mark.parametrize(
    "changes",
    [
        {"Auto_Submitted": "no"},
        {"From": "noreply@shop.example", "To": "ada@customer.example", "Auto_Submitted": "auto-generated"},
    ],
)
def test_mail_of_a_person_or_of_our_own_machine_is_a_touch(changes: dict[str, str]) -> None:
    assert len(touches(head(**changes))) == 1


@pytest.mark.parametrize(
    ("head_", "reason", "words"),
    [
        (b"\x00\xff nonsense\n", "not_a_mail", "no header fields"),
        (head(without=("From",)), "no_sender", "From is ''"),
        (head(From="Ada"), "no_sender", "From is 'Ada'"),
        (head(without=("Date",)), "no_time", "Date is ''"),
        (head(Date="Mon, 30 Nov 2026 11:00:00"), "no_time", "no plausible time with a zone"),
    ],
)
def test_unreadable_mail_is_rejected_with_its_line(head_: bytes, reason: str, words: str) -> None:
    (found,) = outcomes(head_)
    assert isinstance(found, Reject)
    assert (found.reason, found.line_no) == (reason, 7)
    assert words in found.detail


def test_rejection_names_the_file_of_a_folder() -> None:
    (found,) = read_mails([RawMail(2, b"x\n", b"", 2, where="cur/17:2,S")], OPTIONS)
    assert isinstance(found, Reject)
    assert found.detail.startswith("cur/17:2,S: ")


def test_text_is_kept_only_on_request() -> None:
    body = b"Dear shop,\r\nis it in stock?\r\n"
    (without,), (with_text,) = (
        touches(head(), body, MailboxOptions(OWN, with_text=wanted)) for wanted in (False, True)
    )
    assert isinstance(kept := with_text["properties"], dict)
    assert kept.pop("text") == "Dear shop,\r\nis it in stock?"
    assert kept == without["properties"]


def test_tenant_is_set() -> None:
    (touch,) = touches(head(), options=MailboxOptions(OWN, tenant="north"))
    assert touch["tenant"] == "north"


def test_recorded_mails_have_the_direction_of_the_log() -> None:
    """The real mails of a research institution, written as an mbox and read as the mailbox of its first person."""
    with gzip.open(recording(MAIL_LOG), "rt") as log:
        rows = [line.split() for line in islice(log, 2_000)]
    own = "p3@institute.example"
    lines: list[bytes] = []
    for nth, (sender, receiver, seconds) in enumerate(rows):
        lines += [
            b"From - Mon Jan 01 00:00:00 2024\n",
            f"From: p{sender}@institute.example\nTo: p{receiver}@institute.example\n".encode(),
            f"Date: Mon, 01 Jan 2024 {int(seconds) % 24:02}:00:00 +0000\n".encode(),
            f"Message-ID: <{nth}@institute.example>\n".encode(),
            b"\n",
            b"text\n",
            b"\n",
        ]
    found = list(read_mails(split_mbox(lines, False), MailboxOptions(OwnAddresses.parse([own]))))
    made = Counter((one.touch["direction"], one.touch["email"]) for one in found if isinstance(one, Emit))
    expected = Counter(
        ("outbound", f"p{receiver}@institute.example") if sender == "3" else ("inbound", f"p{sender}@institute.example")
        for sender, receiver, _ in rows
        if (sender, receiver) != ("3", "3")
    )
    assert made == expected
    assert made[("inbound", "p1@institute.example")] > 0
    assert any(direction == "outbound" for direction, _ in made)


@given(st.binary(max_size=300), st.binary(max_size=200))
def test_any_bytes_have_an_outcome(head_: bytes, body: bytes) -> None:
    mails = list(split_mbox([head_, b"\n", body], True))
    found = list(read_mails(mails, MailboxOptions(OWN, with_text=True)))
    assert len(found) >= len(mails)


FIELD_TEXT = st.one_of(
    st.text(max_size=60),
    st.sampled_from(["=?utf-8?b?w7Y=?=", "=?hex?q?41?=", "a@b.example", "((((", '"', "<", "Mon, 99"]),
)


@given(
    st.dictionaries(
        st.sampled_from(
            ["From", "To", "Cc", "Date", "Subject", "Message-ID", "In-Reply-To", "Received", "Content-Type"]
        ),
        st.lists(FIELD_TEXT, max_size=4).map(" ".join),
    ),
    st.binary(max_size=100),
)
def test_any_fields_give_touches_of_the_contract(fields: dict[str, str], body: bytes) -> None:
    written = {name.replace("-", "_"): value.replace("\n", " ").replace("\r", " ") for name, value in fields.items()}
    for one in outcomes(head(**written), body, MailboxOptions(OWN, with_text=True)):
        if isinstance(one, Emit):
            CHANNELS["emails"].model_validate(one.touch)
