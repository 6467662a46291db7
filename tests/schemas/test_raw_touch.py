"""The rules that all channels share, field by field."""

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.channels import CHANNELS
from schemas.raw_touch import LONGEST_ID, LONGEST_TEXT, RawTouch
from tests.schemas.touches import FULL, LEAST, changed
from tests.tables import table


def read(channel: str, touch: dict[str, Any]) -> RawTouch:
    return CHANNELS[channel].model_validate(touch)


def refusals(touch: dict[str, Any]) -> list[tuple[str, str]]:
    """(field, kind of error) of a call."""
    with pytest.raises(ValidationError) as caught:
        read("calls", touch)
    return [(".".join(map(str, error["loc"])), error["type"]) for error in caught.value.errors()]


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_least_is_enough_and_the_rest_is_empty(channel: str) -> None:
    touch = read(channel, LEAST[channel])
    given = {name: value for name, value in touch.fields.items() if name not in LEAST[channel]}
    defaults = {"schema_version": 1, "ids": {}, "tenant": "main", "properties": {}}
    defaults |= dict.fromkeys(("source", "library", "library_version"), "")
    assert given == dict.fromkeys(given) | defaults


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_full_touch_names_every_field_of_its_schema(channel: str) -> None:
    without_correction = {"revision"}  # `sent_at` has no effect beside it
    assert set(FULL[channel]) == set(CHANNELS[channel].model_fields) - without_correction
    assert read(channel, FULL[channel]).unnamed == {}


@pytest.mark.parametrize("field", ["occurred_at", "sent_at"])
def test_times_are_read_and_refused_by_their_own_rules(field: str) -> None:
    sent: dict[str, object] = {"occurred_at": "2026-01-31T12:00:00Z", "sent_at": "2026-01-31T12:00:00Z"}
    assert read("calls", changed("calls", **sent)).fields[field] == 1_769_860_800_000
    for value, kind in [("2026-01-31", "no_zone"), (1_769_860_800, "bad_time"), (True, "wrong_type")]:
        assert refusals(changed("calls", **(sent | {field: value}))) == [(field, kind)]


@table("field", ["event_id", "customer_id", "anonymous_id"])
@table(
    ("sent", "kept"),
    [
        ("x" * LONGEST_ID, "x" * LONGEST_ID),
        ("\U0001f600" * LONGEST_ID, "\U0001f600" * LONGEST_ID),
        ("a b|c:d/é", "a b|c:d/é"),
        ("", ""),
        (42, "42"),
        (-1, "-1"),
        (2**64, "18446744073709551616"),
        (10 ** (LONGEST_ID - 1), "1" + "0" * (LONGEST_ID - 1)),
    ],
)
def test_ids(field: str, sent: object, kept: str) -> None:
    assert read("calls", changed("calls", **{field: sent})).fields[field] == kept


@pytest.mark.parametrize("field", ["customer_id", "anonymous_id"])
@pytest.mark.parametrize("sent", [" 42 ", "42\n", "\t42\r\n", "\u202842\xa0"])
def test_characters_around_an_identifier_are_dropped(field: str, sent: str) -> None:
    assert read("calls", changed("calls", **{field: sent})).fields[field] == "42"
    assert read("calls", changed("calls", ids={"crm": sent})).fields["ids"] == {"crm": "42"}


def test_an_event_id_is_kept_as_it_is() -> None:
    assert read("calls", changed("calls", event_id=" 42 ")).fields["event_id"] == " 42 "


NO_IDS = [
    ("x" * (LONGEST_ID + 1), "bad_id"),
    (10**LONGEST_ID, "bad_id"),
    ("a\x00", "bad_id"),
    ("a\nb", "bad_id"),
    ("a\x7fb", "bad_id"),
    ("a\x85b", "bad_id"),
    ("\ud800", "bad_id"),
    (1.5, "wrong_type"),
    (True, "wrong_type"),
    (["a"], "wrong_type"),
]


@pytest.mark.parametrize(("sent", "kind"), NO_IDS)
def test_value_that_is_not_an_id_is_refused(sent: object, kind: str) -> None:
    assert refusals(changed("calls", event_id=sent)) == [("event_id", kind)]
    assert refusals(changed("calls", ids={"crm": sent})) == [("ids.crm", kind)]


@pytest.mark.parametrize("namespace", ["crm", "a", "x_1", "a" * 32])
def test_namespaces(namespace: str) -> None:
    assert read("calls", changed("calls", ids={namespace: 7})).fields["ids"] == {namespace: "7"}


@pytest.mark.parametrize("namespace", ["", "CRM", "1a", "a-b", "a" * 33, "crm\n", "a|b", "a:b"])
def test_invalid_namespace_is_refused(namespace: str) -> None:
    assert refusals(changed("calls", ids={namespace: "7"})) == [(f"ids.{namespace}.[key]", "string_pattern_mismatch")]


@pytest.mark.parametrize(
    ("field", "sent", "kind"),
    [
        ("tenant", "Main", "string_pattern_mismatch"),
        ("tenant", "main\n", "string_pattern_mismatch"),
        ("tenant", "", "string_pattern_mismatch"),
        ("tenant", "a" * 65, "string_pattern_mismatch"),
        ("tenant", 1, "string_type"),
        ("source", "x" * (LONGEST_ID + 1), "string_too_long"),
        ("email", "x" * (LONGEST_TEXT + 1), "string_too_long"),
        ("phone", 4930901820, "string_type"),
        ("ids", [], "dict_type"),
        ("properties", "x", "dict_type"),
        ("duration_s", -0.001, "greater_than_equal"),
        ("duration_s", "5", "float_type"),
        ("duration_s", True, "float_type"),
        ("duration_s", 10**400, "float_type"),
        ("duration_s", float("nan"), "finite_number"),
        ("duration_s", float("inf"), "finite_number"),
        ("schema_version", "1", "int_type"),
        ("schema_version", True, "int_type"),
    ],
)
def test_other_fields(field: str, sent: object, kind: str) -> None:
    assert refusals(changed("calls", **{field: sent})) == [(field, kind)]


@pytest.mark.parametrize("sent", [0, 5, 5.5, 2**70, 1e308, -0.0])
def test_amounts_are_floats(sent: float) -> None:
    amount = read("calls", changed("calls", duration_s=sent)).fields["duration_s"]
    assert (type(amount), amount) == (float, sent)


def test_fields_of_no_schema_are_kept_apart() -> None:
    made_up = {"plan": "pro", "fields": 1, "unnamed": 2, "model_config": 3, "natural_id": 4, "__dict__": 5, "": 6}
    touch = read("calls", changed("calls", **made_up))
    assert touch.unnamed == made_up
    assert not made_up.keys() & touch.fields.keys()
    assert touch.natural_id() is None


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_missing_field_is_named(channel: str) -> None:
    for field in LEAST[channel]:
        with pytest.raises(ValidationError) as caught:
            read(channel, {name: value for name, value in LEAST[channel].items() if name != field})
        assert [(error["loc"], error["type"]) for error in caught.value.errors()] == [((field,), "missing")]
