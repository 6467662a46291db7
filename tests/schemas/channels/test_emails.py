"""The types of emails, and what makes one unique where its provider gives no event id."""

import pytest
from pydantic import ValidationError

from schemas.channels.emails import Email
from tests.schemas.touches import changed

TYPES = ["sent", "delivered", "opened", "clicked", "bounced", "unsubscribed", "complained", "received", "replied"]


@pytest.mark.parametrize("type_", TYPES)
def test_types(type_: str) -> None:
    assert Email.model_validate(changed("emails", type=type_)).type == type_


@pytest.mark.parametrize("change", [{"type": "page"}, {"type": "open"}, {"direction": "out"}])
def test_other_types(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="literal_error"):
        Email.model_validate(changed("emails", **change))


BASE = {"message_id": "m1", "email": "ada@example.org", "link_url": "https://a.example/"}


def natural(**changes: object) -> str | None:
    return Email.model_validate(changed("emails", **(BASE | changes))).natural_id()


@pytest.mark.parametrize("other", [{"sent_at": 5}, {"subject": "x"}, {"occurred_at": "2026-01-31T10:30:00+01:00"}])
def test_a_retry_has_the_same_natural_id(other: dict[str, object]) -> None:
    assert natural(**other) == natural()


@pytest.mark.parametrize(
    "other",
    [
        {"email": "Ada@Example.org"},
        {"email": " ada@example.org\n"},
        {"email": "Ada <ada@example.org>"},
        {"message_id": " m1 "},
        {"link_url": "HTTPS://A.example/"},
        {"link_url": " https://a.example/ "},
    ],
)
def test_a_retry_in_another_spelling_has_the_same_natural_id(other: dict[str, object]) -> None:
    assert natural(**other) == natural()


@pytest.mark.parametrize("message_id", ["<1@m.example>", "1@m.example", " <1@m.example>\r\n"])
def test_a_message_id_is_the_same_with_and_without_its_brackets(message_id: str) -> None:
    assert natural(message_id=message_id) == natural(message_id="<1@m.example>")


def test_a_mailbox_of_a_function_tells_recipients_apart_in_any_spelling() -> None:
    assert natural(email="Info@Example.org") == natural(email="info@example.org") != natural(email="sales@example.org")


def test_message_id_in_normal_form_keeps_its_derived_id() -> None:
    assert natural() == "opened\x1fm1\x1f1769851800000\x1fada@example.org\x1fhttps://a.example/"
    assert natural(email=None, customer_id="C-1001", message_id="<1@m>", link_url="https://a.example/X?Y=Z#W") == (
        "opened\x1f<1@m>\x1f1769851800000\x1fC-1001\x1fhttps://a.example/X?Y=Z#W"
    )


@pytest.mark.parametrize(
    "other",
    [
        {"type": "clicked"},
        {"message_id": "m2"},
        {"occurred_at": "2026-01-31T09:30:00.001Z"},
        {"email": "bob@example.org"},
        {"email": None},
        {"link_url": "https://a.example/2"},
        {"link_url": "https://a.example/A"},
        {"link_url": "mailto:ada@example.org"},
        {"link_url": None},
    ],
)
def test_another_happening_has_another_natural_id(other: dict[str, object]) -> None:
    assert natural(**other) not in (None, natural())


@pytest.mark.parametrize("message_id", [None, "", " "])
def test_without_a_message_id_there_is_none(message_id: str | None) -> None:
    assert natural(message_id=message_id) is None
