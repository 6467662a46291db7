"""The fast check of a touch decides as the check by the contract's models does, and both give the same touch."""

import json
from typing import Any

import pytest

from schemas.channels import CHANNELS
from sources.collector.config import CollectorConfig
from sources.collector.origin import origin_of
from sources.collector.request import Request
from sources.collector.touch_check import Checked, Refused, TouchCheck
from tests.schemas.touches import FULL, LEAST
from tests.sources.collector.running import ENTRY, KEY

REQUEST = Request("POST", "/v1/touches", b"", {}, b"", "198.51.100.7", 1_700_000_000_000)
ORIGIN = origin_of(ENTRY, REQUEST)
TOUCHES = [(channel, touch) for by_channel in (LEAST, FULL) for channel, touch in by_channel.items()]


def check(raw: bytes, channel: str, with_keys: bool = False) -> Checked | Refused:
    return TouchCheck(CollectorConfig(), ENTRY, ORIGIN, KEY, "hash", with_keys).check(raw, channel, 3)


def both(touch: dict[str, Any], channel: str) -> tuple[Checked | Refused, Checked | Refused]:
    """Return the results with and without the fast check, which a body with write keys never takes."""
    raw = json.dumps(touch).encode()
    return check(raw, channel), check(raw, channel, with_keys=True)


@pytest.mark.parametrize(("channel", "touch"), TOUCHES)
def test_both_checks_give_the_same_touch(channel: str, touch: dict[str, Any]) -> None:
    fast, slow = both(touch, channel)
    assert isinstance(fast, Checked)
    assert isinstance(slow, Checked)
    assert json.loads(fast.value) == json.loads(slow.value)
    assert (fast.channel, slow.channel) == (channel, channel)


def test_all_channels_have_touches_here() -> None:
    assert {channel for channel, _ in TOUCHES} == set(CHANNELS)


@pytest.mark.parametrize("channel", list(CHANNELS))
def test_the_common_form_is_extended_as_bytes(channel: str) -> None:
    raw = json.dumps(
        {name: value for name, value in LEAST[channel].items() if name not in ("tenant", "source")}
    ).encode()
    checked = check(raw, channel)
    assert isinstance(checked, Checked)
    assert checked.value.startswith(raw[:-1] + b",")
