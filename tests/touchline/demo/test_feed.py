"""The live feed: random touches that the contract accepts, or a reason why none is sent."""

import random
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from schemas.channels import CHANNELS
from touchline.demo.feed import LiveFeed
from touchline.errors import CliError
from touchline.local.system import LocalSystem


def system_with_key(key: str) -> LocalSystem:
    return cast(LocalSystem, SimpleNamespace(folder=Path("data"), demo_key=key))


def test_a_revoked_demo_key_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(CliError, match=r"revoked: .*without --data"):
        LiveFeed(system_with_key("")).run(threading.Event())


@pytest.mark.parametrize("identifier", ["customer_id:24", "email:ada@example.org", "phone:+498912345"])
def test_touches_of_each_kind_are_by_the_contract(identifier: str) -> None:
    feed = LiveFeed(system_with_key("tl_key"))
    feed._random = random.Random(1)
    namespace, _, value = identifier.partition(":")
    touches = [feed._touch(identifier) for _ in range(50)]
    assert {channel for channel, _ in touches} == {"visits", "emails", "calls"}
    for channel, touch in touches:
        CHANNELS[channel].model_validate(touch)
        assert touch[namespace] == value
