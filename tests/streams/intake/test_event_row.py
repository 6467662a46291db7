"""Values become the bytes that ClickHouse reads, and every field of a touch has one place in its row."""

from typing import Any

import pytest

from schemas.channels import CHANNELS
from schemas.columns import EVENT_HEAD
from schemas.raw_touch import RawTouch
from streams.intake.event_row import encode_head, flat
from tests.schemas.column_types import read_row
from tests.schemas.touches import FULL, by_column, changed, own_fields


def test_an_empty_head_says_nothing() -> None:
    found = read_row(encode_head({}), EVENT_HEAD)
    assert found == {c.name: list(c.empty) if isinstance(c.empty, tuple) else c.empty for c in EVENT_HEAD}


def test_value_is_in_its_column() -> None:
    found = read_row(encode_head({"queue": "sales", "bot": True, "engaged_ms": 1.5, "no_column": 1}), EVENT_HEAD)
    assert (found["queue"], found["bot"], found["engaged_ms"]) == ("sales", True, 1.5)


def raw(channel: str, touch: dict[str, Any]) -> RawTouch:
    return CHANNELS[channel].model_validate(touch)


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_field_of_the_schema_fills_its_column(channel: str) -> None:
    touch = raw(channel, FULL[channel])
    found = flat(touch, {})
    own = {name: FULL[channel][name] for name in ("type", "source", "library", "library_version", "schema_version")}
    own |= by_column(channel, own_fields(channel))
    assert {name: value for name, value in found.items() if name not in ("properties", "numbers")} == own


def test_members_of_an_app_without_a_column_are_a_property() -> None:
    app = {"name": "Shop", "namespace": "org.example.shop", "build": None}
    found = flat(raw("visits", changed("visits", app=app)), {"app": {"version": 3}})
    assert found["app_name"] == "Shop"
    assert found.keys().isdisjoint({"app", "app_build", "app_version", "app_namespace"})
    assert found["properties"] == {"app": '{"namespace":"org.example.shop","version":3}'}


def test_the_rest_is_a_property() -> None:
    properties = {"deep": {"a": 1}, "no": None}
    found = flat(raw("calls", changed("calls", plan="pro", seats=3, nothing=None, properties=properties)), {})
    assert found["properties"] == {"plan": "pro", "seats": "3", "deep": '{"a":1}'}


def test_of_two_under_one_name_the_one_among_the_properties_counts() -> None:
    assert flat(raw("calls", changed("calls", plan="a", properties={"plan": "b"})), {})["properties"] == {"plan": "b"}


def test_field_set_aside_is_a_property_unless_the_message_has_one_of_that_name() -> None:
    touch = raw("calls", changed("calls", properties={"wait_s": "long"}))
    found = flat(touch, {"wait_s": [1], "email": "ada", "ids": {"CRM": 7}})
    assert found["properties"] == {"wait_s": "long", "email": "ada", "ids": '{"CRM":7}'}


COLUMNS = [column.name for column in EVENT_HEAD]


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_column_that_the_schema_does_not_name_cannot_be_filled(channel: str) -> None:
    strange = {name: f"<{name}>" for name in COLUMNS if name not in CHANNELS[channel].model_fields}
    assert {"bot", "country", "rule", "cap", "flags", "identifiers", "lead_source", "raw_offset"} < strange.keys()
    found = flat(raw(channel, changed(channel, **strange)), {})
    assert found["properties"] == strange
    assert not (strange.keys() - {"numbers"}) & found.keys()
    assert found["numbers"] == {}


def test_numbers_are_those_of_the_message_and_no_bad_fields() -> None:
    touch = raw("calls", changed("calls", seats=3, rows=2, properties={"rows": "two", "cart": {"total": 5}}))
    found = flat(touch, {"phone": 4930901820, "ids": {"CRM": 7}})
    assert found["numbers"] == {"seats": 3.0, "cart.total": 5.0}
