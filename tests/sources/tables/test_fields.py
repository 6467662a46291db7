"""The fields that a column may be given to, by channel."""

from schemas.channels import CHANNELS
from sources.tables.fields import NUMBERS, TIMES, is_field, known, needed, suggestion, types
from tests.tables import table


@table("channel", list(CHANNELS))
def test_fields_of_a_channel_are_those_of_its_schema(channel: str) -> None:
    assert known(channel) | {"ids", "properties"} == set(CHANNELS[channel].model_fields)
    assert {"type", "occurred_at"} <= set(needed(channel)) <= known(channel)
    assert types(channel)
    assert known(channel) >= TIMES


def test_numbers_are_fields_of_some_channel() -> None:
    assert set().union(*map(known, CHANNELS)) >= NUMBERS


@table(
    ("name", "is_one"),
    [("email", True), ("ids.crm", True), ("properties.a b", True), ("ids.", False), ("ids", False), ("mail", False)],
)
def test_what_a_column_may_be_given_to(name: str, is_one: bool) -> None:
    assert is_field("calls", name) is is_one


@table(
    ("name", "hint"),
    [("recipent", " (did you mean 'recipient'?)"), ("zzz", ""), ("", "")],
)
def test_a_name_that_is_nearly_one(name: str, hint: str) -> None:
    assert suggestion(name, ["recipient", "sender", ""]) == hint
