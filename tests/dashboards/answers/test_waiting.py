"""Who waits for an answer: asks of each channel, and what answers them."""

import pytest

from dashboards.answers.scope import Scope
from dashboards.answers.waiting import WaitingNow, waiting_now
from tests.dashboards.conftest import Place
from tests.dashboards.stored_touches import DAY_MS, NOON_MS, store_chain, store_touches

Touch = dict[str, object]
AT_MS = NOON_MS + DAY_MS
MINUTE_MS = 60_000


def touch(channel: str, type_: str, who: str, minutes: int, **more: object) -> Touch:
    return {"channel": channel, "type": type_, "folded_into": who, "occurred_at": NOON_MS + minutes * MINUTE_MS, **more}


def call(type_: str, who: str, minutes: int, direction: str = "inbound", **more: object) -> Touch:
    return touch("calls", type_, who, minutes, direction=direction, **more)


def waits(place: Place, *touches: Touch, at_ms: int = AT_MS) -> list[tuple[str, str, int, int]]:
    """Store touches, and return (channel, profile, minutes after noon, asks) of what waits."""
    if touches:
        store_touches(place.writer, *touches)
    found = waiting_now(place.reader, Scope(), at_ms=at_ms)
    return [(one.channel, one.profile, (one.since_ms - NOON_MS) // MINUTE_MS, one.asks) for one in found.rows]


def test_what_waits_is_what_nothing_has_answered(place: Place) -> None:
    assert waiting_now(place.reader, Scope(), at_ms=AT_MS) == WaitingNow(AT_MS, False, ())
    found = waits(
        place,
        # mails: two in a row wait together; a mailing answers nothing; a mail does
        touch("emails", "received", "email:a", 10), touch("emails", "replied", "email:a", 15),
        touch("emails", "sent", "email:a", 20, campaign="spring"),
        touch("emails", "received", "email:b", 10), touch("emails", "sent", "email:b", 11),
        # a call is answered by one that was tried, a mail by a call that was taken
        call("abandoned", "phone:c", 1, wait_s=90.0),
        call("missed", "phone:d", 2), call("missed", "phone:d", 30, "outbound"),
        touch("emails", "received", "email:e", 3), call("answered", "email:e", 4),
        # a conversation is one, whoever writes; two conversations are two
        touch("messages", "received", "email:f", 5, conversation_id="7"),
        touch("messages", "sent", "email:g", 6, conversation_id="7"),
        touch("messages", "received", "email:f", 7, conversation_id="8", text="Anybody?"),
        touch("messages", "received", "email:h", 8),
        # a ticket waits until somebody writes in its conversation, or it is solved
        touch("tickets", "opened", "email:i", 9, ticket_id="t1"),
        touch("messages", "sent", "email:i", 12, conversation_id="t1"),
        touch("tickets", "opened", "email:j", 9, ticket_id="t2"),
        touch("tickets", "solved", "email:j", 12, ticket_id="t2"),
        touch("tickets", "reopened", "email:j", 13, ticket_id="t2", subject="Again", queue="returns"),
        # nobody can be answered who is not known, except where there is a conversation
        call("missed", "", 1), touch("messages", "received", "", 14, conversation_id="9"),
        touch("visits", "form", "email:k", 1),
    )  # fmt: skip
    assert found == [
        ("calls", "phone:c", 1, 1), ("messages", "email:f", 7, 1), ("messages", "email:h", 8, 1),
        ("emails", "email:a", 10, 2), ("tickets", "email:j", 13, 1), ("messages", "", 14, 1),
    ]  # fmt: skip
    rows = {one.channel: one for one in waiting_now(place.reader, Scope(), at_ms=AT_MS).rows}
    assert rows["calls"].title == "Gave up after waiting 1:30"
    assert (rows["tickets"].title, rows["tickets"].queue) == ("Reopened the ticket “Again”", "returns")


def test_an_answer_to_another_identifier_of_the_customer_counts(place: Place) -> None:
    store_chain(place.writer, ["customer_id:1", "email:a", "phone:a"])
    found = waits(
        place,
        touch("emails", "received", "email:a", 1), call("answered", "phone:a", 5, "outbound"),
        touch("messages", "received", "phone:a", 6), touch("messages", "received", "customer_id:1", 9),
    )  # fmt: skip
    assert found == [("messages", "customer_id:1", 6, 2)]


@pytest.mark.parametrize(("channel", "days"), [("emails", 7), ("tickets", 30)])
def test_what_is_older_is_taken_for_settled(place: Place, channel: str, days: int) -> None:
    asked = touch(channel, "received" if channel == "emails" else "opened", "email:a", 0, ticket_id="1")
    assert waits(place, asked, at_ms=NOON_MS + days * DAY_MS) != []
    assert waits(place, at_ms=NOON_MS + days * DAY_MS + 1) == []
    assert waits(place, at_ms=NOON_MS - 1) == []


def test_a_revision_takes_the_place_of_its_touch(place: Place) -> None:
    missed = call("missed", "phone:a", 1, event_id="c1")
    assert waits(place, missed) == [("calls", "phone:a", 1, 1)]
    assert waits(place, missed | {"type": "answered", "revision": 1}) == []
