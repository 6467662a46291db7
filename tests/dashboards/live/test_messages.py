"""Events as they are sent."""

import json
from typing import get_args

import pytest

from dashboards.live.messages import Message, encode_event
from tests.dashboards.live.samples import MESSAGES, NOW_MS


def test_there_is_a_sample_of_each_message() -> None:
    assert {type(message) for message in MESSAGES} == set(get_args(Message))


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_event_has_an_id_a_name_and_one_line_of_json(message: Message) -> None:
    lines = encode_event(message, "e1-7").decode().split("\n")
    assert lines[:2] == ["id: e1-7", f"event: {type(message).__name__.lower()}"]
    assert lines[3:] == ["", ""]
    assert json.loads(lines[2].removeprefix("data: "))["server_ms"] == NOW_MS
