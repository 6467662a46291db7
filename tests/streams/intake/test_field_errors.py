"""Errors of fields in our words."""

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.channels import CHANNELS
from schemas.rejected import Rejected
from streams.intake.decoder import decode
from streams.intake.field_errors import describe_error
from tests.schemas.touches import changed
from tests.streams.intake.bad_messages import BAD, Bad
from tests.streams.intake.reading import CONFIG, raw_record
from tests.tables import table


def errors_of(channel: str, message: dict[str, Any]) -> list[str]:
    """Return the described errors of a message."""
    with pytest.raises(ValidationError) as raised:
        CHANNELS[channel].model_validate(message)
    return [describe_error(error) for error in raised.value.errors(include_url=False)]


@table(
    ("fields", "described"),
    [
        ({"type": "sold"}, "type: has to be 'answered', 'missed', 'abandoned' or 'voicemail'"),
        ({"direction": 1}, "direction: has to be 'inbound' or 'outbound'"),
        ({"agent": 5}, "agent: has to be text"),
        ({"agent": "x" * 201}, "agent: longer than 200 characters"),
        ({"duration_s": "5"}, "duration_s: has to be a number"),
        ({"duration_s": -1}, "duration_s: has to be at least 0"),
        ({"schema_version": 1.5}, "schema_version: has to be a whole number"),
        ({"properties": []}, "properties: has to be an object"),
        ({"tenant": "A B"}, "tenant: has to match ^[a-z0-9_-]{1,64}$"),
        ({"ids": {"CRM": "x"}}, "ids.CRM: has to match ^[a-z][a-z0-9_]{0,31}$"),
        ({"ids": {"crm": True}}, "ids.crm: an id is text or a whole number"),
    ],
)
def test_error_is_the_field_and_a_clause(fields: dict[str, Any], described: str) -> None:
    assert errors_of("calls", changed("calls", **fields)) == [described]


def test_missing_field_is_named() -> None:
    assert errors_of("calls", {})[0] == "type: required, and missing"


@table("bad", BAD)
def test_no_refusal_has_the_words_of_pydantic(bad: Bad) -> None:
    found = decode(raw_record(bad.channel, bad.value), CONFIG)
    assert isinstance(found, Rejected)
    assert not [words for words in ("Input should", "String should", "Field required") if words in found.detail]
