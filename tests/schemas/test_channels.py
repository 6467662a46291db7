"""The exported schemas are current, and a channel is described in one place."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from schemas.channels import CHANNELS
from schemas.columns import EVENT_HEAD
from schemas.raw_touch import RawTouch
from tests.schemas.touches import FULL

ROOT = Path(__file__).parents[2]


def exported(channel: str) -> dict[str, Any]:
    return CHANNELS[channel].model_json_schema()


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_exported_schema_is_current(channel: str) -> None:
    """`touchline schema CHANNEL > docs/schemas/CHANNEL.json` makes it so."""
    text = (ROOT / "docs" / "schemas" / f"{channel}.json").read_text()
    assert text == json.dumps(exported(channel), indent=2) + "\n"


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_field_says_what_it_is(channel: str) -> None:
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
    ours = set(CHANNELS[channel].model_fields) - set(RawTouch.model_fields)
    assert ours
    assert ours <= {column.name for column in EVENT_HEAD}


def _named(source: str) -> Iterator[str]:
    """Channels that a module names in code: every text that is exactly one, but for docstrings."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and node.value in CHANNELS:
            yield str(node.value)


def test_only_schemas_sources_and_their_commands_name_channels() -> None:
    """What happens to a touch asks its schema and its rules, never which channel it is."""
    for folder in ("streams", "sinks", "dashboards", "deploy"):
        for path in (ROOT / folder).rglob("*.py"):
            assert not list(_named(path.read_text())), f"{path.relative_to(ROOT)} names a channel"


def test_the_search_finds_a_channel_where_one_is() -> None:
    assert set(_named((ROOT / "schemas" / "channels.py").read_text())) == set(CHANNELS)
