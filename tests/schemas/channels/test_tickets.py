"""The types of tickets, their ids, and their rules."""

import pytest
from pydantic import ValidationError

from schemas.channels.tickets import Ticket
from schemas.flags import Flag
from streams.rules.evaluator import Match
from tests.channels.tickets import SAMPLES
from tests.schemas.touches import changed
from tests.streams.intake.reading import default_rules, take


@pytest.mark.parametrize("type_", ["opened", "replied", "solved", "reopened", "closed"])
def test_types(type_: str) -> None:
    assert Ticket.model_validate(changed("tickets", type=type_)).type == type_


@pytest.mark.parametrize("type_", ["page", "Opened", None])
def test_other_types(type_: object) -> None:
    with pytest.raises(ValidationError, match="literal_error"):
        Ticket.model_validate(changed("tickets", type=type_))


def test_retry_without_event_id_is_the_same_event() -> None:
    first, retry = (take("tickets", changed("tickets", ticket_id=7), offset=offset) for offset in (5, 99))
    assert first.event_id == retry.event_id
    other = take("tickets", changed("tickets", ticket_id=7, type="closed"))
    assert other.event_id != first.event_id


def test_natural_id_is_that_of_the_load_for_chaos() -> None:
    ticket = Ticket.model_validate(SAMPLES.least)
    assert ticket.natural_id() == SAMPLES.natural_id(SAMPLES.least, ticket.occurred_at)


def test_opened_ticket_is_no_opened_mail() -> None:
    touch = take("tickets", changed("tickets", type="opened", properties={"is_bot": True}))
    assert not touch.bot
    assert Flag.MACHINE_OPEN.encode() not in touch.head


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        ("opened", Match("ticket_opened", 8.0, 5, "ticket_opened")),
        ("replied", Match("ticket_replied", 4.0, 1, "ticket_replied\x1fT-1")),
        ("reopened", Match("ticket_replied", 4.0, 1, "ticket_replied\x1fT-1")),
        ("solved", Match("", 0.0, 0, "")),
        ("closed", Match("", 0.0, 0, "")),
    ],
)
def test_default_rules(type_: str, expected: Match) -> None:
    assert default_rules().match({"channel": "tickets", "type": type_, "ticket_id": "T-1"}) == expected
