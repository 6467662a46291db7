"""The types of messages, the limit of their text, and their rules."""

import pytest
from pydantic import ValidationError

from schemas.channels.messages import TextMessage
from schemas.raw_touch import LONGEST_MESSAGE
from streams.rules.evaluator import Match
from tests.schemas.touches import changed
from tests.streams.intake.reading import default_rules


@pytest.mark.parametrize("type_", ["received", "sent", "delivered", "read", "failed"])
def test_types(type_: str) -> None:
    assert TextMessage.model_validate(changed("messages", type=type_)).type == type_


@pytest.mark.parametrize("type_", ["page", "Sent", None])
def test_other_types(type_: object) -> None:
    with pytest.raises(ValidationError, match="literal_error"):
        TextMessage.model_validate(changed("messages", type=type_))


def test_limit_of_the_text() -> None:
    assert TextMessage.model_validate(changed("messages", text="é" * LONGEST_MESSAGE)).text
    with pytest.raises(ValidationError, match="string_too_long"):
        TextMessage.model_validate(changed("messages", text="é" * (LONGEST_MESSAGE + 1)))


def test_message_without_id_is_unique_by_its_place_alone() -> None:
    assert TextMessage.model_validate(changed("messages")).natural_id() is None


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        ("received", Match("message_received", 20.0, 1, "message_received\x1fc-1")),
        ("read", Match("message_read", 5.0, 1, "message_read\x1fc-1")),
        ("failed", Match("message_failed", -10.0, 1, "message_failed\x1fsms")),
        ("sent", Match("", 0.0, 0, "")),
        ("delivered", Match("", 0.0, 0, "")),
    ],
)
def test_default_rules(type_: str, expected: Match) -> None:
    fields = {"channel": "messages", "type": type_, "conversation_id": "c-1", "network": "sms"}
    assert default_rules().match(fields) == expected
