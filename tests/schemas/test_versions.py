"""Messages of older versions are upgraded step by step."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.channels import CHANNELS
from schemas.channels.calls import Call
from schemas.rejected import Reason, Rejected
from schemas.versions import CURRENT, STEPS, upgrade
from tests.schemas.touches import FULL, LEAST


def minutes_to_seconds(raw: dict[str, Any]) -> dict[str, Any]:
    """Version 1 of calls had the duration in minutes."""
    rest = {name: value for name, value in raw.items() if name != "duration_min"}
    return rest | ({"duration_s": raw["duration_min"] * 60.0} if "duration_min" in raw else {})


def inbound_by_default(raw: dict[str, Any]) -> dict[str, Any]:
    return {"direction": "inbound"} | raw


STEPS_TO_3 = {("calls", 1): minutes_to_seconds, ("calls", 2): inbound_by_default}
OLD = {"type": "answered", "occurred_at": 0, "duration_min": 1.5}


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_current_message_is_left_alone(channel: str) -> None:
    for touch in (FULL[channel], LEAST[channel]):
        assert upgrade(channel, touch) is touch


def test_steps_are_taken_in_order() -> None:
    before = dict(OLD)
    upgraded = upgrade("calls", OLD, current=3, steps=STEPS_TO_3)
    assert before == OLD
    assert upgraded == {
        "type": "answered",
        "occurred_at": 0,
        "direction": "inbound",
        "duration_s": 90.0,
        "schema_version": 3,
    }
    assert Call.model_validate(upgraded).duration_s == 90.0


def test_a_message_starts_at_its_own_version() -> None:
    at_2 = OLD | {"schema_version": 2}
    assert upgrade("calls", at_2, current=3, steps=STEPS_TO_3) == at_2 | {"direction": "inbound", "schema_version": 3}


def test_a_channel_without_a_step_changed_nothing() -> None:
    touch = LEAST["visits"]
    assert upgrade("visits", touch, current=3, steps=STEPS_TO_3) == touch | {"schema_version": 3}


@pytest.mark.parametrize("version", [0, -1, CURRENT + 1, 10**30, 1.0, "1", True, None, [], {}])
def test_other_versions(version: object) -> None:
    refused = upgrade("calls", OLD | {"schema_version": version})
    assert isinstance(refused, Rejected)
    assert refused.reason is Reason.UNKNOWN_VERSION
    assert refused.detail.startswith("schema_version: ")
    assert f"1 to {CURRENT}" in refused.detail


@pytest.mark.parametrize("minutes", ["long", None, [], {}])
def test_message_on_which_a_step_fails_is_refused(minutes: object) -> None:
    """`"long" * 60.0` is a TypeError in the step; one bad message must not stop the others."""
    refused = upgrade("calls", OLD | {"duration_min": minutes}, current=2, steps=STEPS_TO_3)
    assert isinstance(refused, Rejected)
    assert refused.reason is Reason.BAD_VALUE
    assert refused.detail.startswith("schema_version: 1 cannot be read as 2: TypeError")


values = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers())


@given(st.sampled_from(sorted(CHANNELS)), st.dictionaries(st.text() | st.just("schema_version"), values))
@settings(deadline=None)
def test_every_step_accepts_any_message(channel: str, raw: dict[str, Any]) -> None:
    for version in range(1, CURRENT + 1):
        result = upgrade(channel, raw | {"schema_version": version}, steps=STEPS)
        assert isinstance(result, Rejected) or result["schema_version"] == CURRENT
