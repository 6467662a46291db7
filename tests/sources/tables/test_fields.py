"""The fields that a column can be mapped to, by channel."""

from schemas.channels import CHANNELS
from sources.tables.fields import (
    MONEY_FIELDS,
    NUMBERS,
    TIMES,
    field_names,
    is_field,
    required_fields,
    required_fields_of,
    shared_field,
    suggestion,
    touch_types,
)
from tests.tables import table


@table("channel", list(CHANNELS))
def test_fields_of_a_channel_are_those_of_its_schema(channel: str) -> None:
    assert field_names(channel) | {"ids", "properties"} == set(CHANNELS[channel].model_fields)
    assert {"type", "occurred_at"} <= set(required_fields(channel)) <= field_names(channel)
    assert touch_types(channel)
    assert field_names(channel) >= {"occurred_at", "sent_at"}


@table(
    ("type_", "url"), [("page", True), ("form", True), ("custom", False), ("screen", False), (None, False), ([], False)]
)
def test_some_fields_are_required_by_type(type_: object, url: bool) -> None:
    assert ("url" in required_fields_of("visits", type_)) is url


def test_numbers_times_and_amounts_are_fields_of_some_channel() -> None:
    assert set().union(*map(field_names, CHANNELS)) >= NUMBERS | TIMES | MONEY_FIELDS
    assert not NUMBERS & MONEY_FIELDS


@table(
    ("name", "is_one"),
    [("email", True), ("ids.crm", True), ("properties.a b", True), ("ids.", False), ("ids", False), ("mail", False)],
)
def test_names_that_a_column_can_be_mapped_to(name: str, is_one: bool) -> None:
    assert is_field("calls", name) is is_one


@table(
    ("channel", "name", "is_one"),
    [("visits", "app.version", True), ("visits", "app", True), ("calls", "app.version", False)],
)
def test_members_of_an_app_are_fields_of_channels_with_an_app(channel: str, name: str, is_one: bool) -> None:
    assert is_field(channel, name) is is_one


@table(
    ("field_of", "shared"),
    [
        ({"a": "email", "b": "phone"}, None),
        ({"a": "email", "b": "phone", "c": "email"}, ("email", "a", "c")),
        ({"a": "", "b": ""}, None),
    ],
)
def test_a_shared_field_has_two_columns(field_of: dict[str, str], shared: tuple[str, str, str] | None) -> None:
    assert shared_field(field_of) == shared


@table(
    ("name", "hint"),
    [("recipent", " (did you mean 'recipient'?)"), ("zzz", ""), ("", "")],
)
def test_a_similar_name_is_suggested(name: str, hint: str) -> None:
    assert suggestion(name, ["recipient", "sender", ""]) == hint
