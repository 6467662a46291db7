"""Events of mails; the samples of the providers show the rest."""

import pytest

from sources.collected import Collected
from sources.hooks.mail_event import mail_touch, short_id
from sources.hooks.provider import Unmappable


@pytest.mark.parametrize(
    ("event_id", "time", "email"), [("", 1, "a@b"), ("e", None, "a@b"), ("e", 1, ""), ("e", 1, None), ("e", 1, {})]
)
def test_an_event_without_id_time_or_recipient_cannot_be_mapped(event_id: str, time: int | None, email: object) -> None:
    assert isinstance(mail_touch("sent", event_id, time, email, "m"), Unmappable)


def test_values_of_a_wrong_type_or_length_are_left_out_or_cut() -> None:
    found = mail_touch(
        "opened", "e", 1, "a@b", {}, subject=5, campaign="x" * 300, link="mailto:a@b", user_agent=[], ip={}
    )
    assert found == Collected(
        "emails",
        {
            "event_id": "e",
            "type": "opened",
            "occurred_at": 1,
            "direction": "outbound",
            "email": "a@b",
            "subject": "5",
            "campaign": "x" * 200,
        },
    )


@pytest.mark.parametrize(
    ("value", "short"), [(" a ", "a"), (2**60, str(2**60)), (None, ""), (True, ""), (1.5, ""), ("", ""), ([], "")]
)
def test_ids(value: object, short: str) -> None:
    assert short_id(value) == short


def test_a_long_id_becomes_a_hash() -> None:
    assert len(short_id("x" * 500)) == 32
    assert short_id("x" * 500) != short_id("x" * 501)
