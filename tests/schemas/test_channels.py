"""The exported schemas are current, and the declarations of a channel fit each other."""

import json
from pathlib import Path
from typing import Any, Final, get_args

import pytest

from schemas.app import App
from schemas.channels import CHANNELS
from schemas.column import AGENT, APP, CAMPAIGN, ITEMS, PAGE, PLACE, REFERRER, Column
from schemas.columns import EVENT_HEAD
from schemas.fast_structs import DECODERS
from schemas.items import Item
from schemas.raw_touch import RawTouch
from tests.schemas.touches import FULL, as_bytes

ROOT = Path(__file__).parents[2]
GROUPS: Final = {
    PAGE: {"url"},
    REFERRER: {"referrer"},
    AGENT: {"user_agent"},
    PLACE: {"ip"},
    CAMPAIGN: {"url", "link_url"},
    APP: {"app"},
    ITEMS: {"items"},
}
"""Groups of columns, and the fields that fill them."""


def exported(channel: str) -> dict[str, Any]:
    return CHANNELS[channel].model_json_schema()


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_exported_schema_is_current(channel: str) -> None:
    """`touchline schema CHANNEL > docs/schemas/CHANNEL.json` makes it so."""
    text = (ROOT / "docs" / "schemas" / f"{channel}.json").read_text()
    assert text == json.dumps(exported(channel), indent=2) + "\n"


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_field_has_a_description(channel: str) -> None:
    for name, field in exported(channel)["properties"].items():
        assert field.get("description", "").endswith("."), name


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_example_is_one(channel: str) -> None:
    examples = [
        (name, value) for name, field in exported(channel)["properties"].items() for value in field.get("examples", ())
    ]
    assert len(examples) >= 8
    for name, value in examples:
        CHANNELS[channel].model_validate(FULL[channel] | {name: value})


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_field_may_be_null_or_must_be_there(channel: str) -> None:
    schema = exported(channel)
    for name, field in schema["properties"].items():
        assert ({"type": "null"} in field.get("anyOf", ())) is (name not in schema["required"]), name


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_field_of_a_channel_has_a_column(channel: str) -> None:
    own = set(CHANNELS[channel].model_fields) - set(RawTouch.model_fields)
    assert own
    for name, members in (("app", App), ("items", Item)):
        if name in own:
            own = own - {name} | {f"{name}_{member}" for member in members.model_fields}
    assert own <= {column.name for column in CHANNELS[channel].COLUMNS} <= {column.name for column in EVENT_HEAD}


def has_group(model: type[RawTouch], group: tuple[Column, ...]) -> bool:
    return all(column in model.COLUMNS for column in group)


@pytest.mark.parametrize("channel", CHANNELS)
def test_column_group_is_declared_with_the_field_that_fills_it(channel: str) -> None:
    model = CHANNELS[channel]
    fields = model.model_fields.keys()
    for group, fillers in GROUPS.items():
        assert has_group(model, group) is bool(fields & fillers), group[0].name
    assert not model.MACHINE_FLAGS or has_group(model, AGENT)


@pytest.mark.parametrize("channel", CHANNELS)
def test_declarations_name_fields_types_and_columns_that_exist(channel: str) -> None:
    model = CHANNELS[channel]
    grouped = {column.name for group in GROUPS for column in group}
    own = {column.name for column in model.COLUMNS} - grouped
    assert own <= model.model_fields.keys() - RawTouch.model_fields.keys()
    shown = {"", *(column.name for column in model.COLUMNS)} | ({"campaign"} if has_group(model, CAMPAIGN) else set())
    assert {*model.SUMMARY, model.SUMMARY_ELSE} <= shown
    assert model.SUMMARY
    assert set(model.MACHINE_FLAGS) <= set(get_args(model.model_fields["type"].annotation))
    assert set(model.UNITS) <= set(model.SUMMARY)
    assert set(model.UNITS.values()) <= own
    assert model.NATURAL_ID_FIELD or not model.COUNTS_BY_NATURAL_ID
    assert {model.NATURAL_ID_FIELD} - {""} <= model.model_fields.keys()


@pytest.mark.parametrize("channel", CHANNELS)
def test_natural_id_is_that_of_the_fast_path(channel: str) -> None:
    model, message = CHANNELS[channel], FULL[channel]
    touch, fast = model.model_validate(message), DECODERS[channel](as_bytes(message))
    if model.NATURAL_ID_FIELD:
        natural = model.derive_natural_id(fast, touch.occurred_at, touch.customer_id)
        assert natural == touch.natural_id()
        assert touch.model_copy(update={model.NATURAL_ID_FIELD: ""}).natural_id() is None
    else:
        assert touch.natural_id() is None
