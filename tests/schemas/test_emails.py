"""The types of emails, and what makes one unique where its provider gives no event id."""

import pytest
from pydantic import ValidationError

from schemas.emails import Email
from tests.schemas.touches import changed

TYPES = ["sent", "delivered", "opened", "clicked", "bounced", "unsubscribed", "complained", "received", "replied"]


@pytest.mark.parametrize("type_", TYPES)
def test_types(type_: str) -> None:
    assert Email.model_validate(changed("emails", type=type_)).type == type_


@pytest.mark.parametrize("change", [{"type": "page"}, {"type": "open"}, {"direction": "out"}])
def test_other_types(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="literal_error"):
        Email.model_validate(changed("emails", **change))


TOLD = {"message_id": "m1", "email": "ada@example.org", "link_url": "https://a.example/"}


def natural(**changes: object) -> str | None:
    return Email.model_validate(changed("emails", **(TOLD | changes))).natural_id()


@pytest.mark.parametrize("other", [{"sent_at": 5}, {"subject": "x"}, {"occurred_at": "2026-01-31T10:30:00+01:00"}])
def test_a_retry_has_the_same_natural_id(other: dict[str, object]) -> None:
    assert natural(**other) == natural()


@pytest.mark.parametrize(
    "other",
    [
        {"type": "clicked"},
        {"message_id": "m2"},
        {"occurred_at": "2026-01-31T09:30:00.001Z"},
        {"email": "bob@example.org"},
        {"email": None},
        {"link_url": "https://a.example/2"},
        {"link_url": None},
    ],
)
def test_another_happening_has_another_natural_id(other: dict[str, object]) -> None:
    assert natural(**other) not in (None, natural())


@pytest.mark.parametrize("message_id", [None, ""])
def test_without_a_message_id_there_is_none(message_id: str | None) -> None:
    assert natural(message_id=message_id) is None
