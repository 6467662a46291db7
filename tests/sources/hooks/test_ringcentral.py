"""RingCentral: setting up, apart from what holds for every adapter."""

import pytest

from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import HookAnswer, HookSource
from sources.hooks.ringcentral import challenge

SOURCE = HookSource("ringcentral", "main", ("token",))


def setting_up(token: str) -> HookRequest:
    return HookRequest("POST", "", {}, {"validation-token": token}, b"", 0)


def test_the_validation_token_is_echoed_as_a_header() -> None:
    assert challenge(setting_up("b1f5-7e"), SOURCE) == HookAnswer(200, headers=((b"validation-token", b"b1f5-7e"),))


@pytest.mark.parametrize("token", ["", "x" * 501, "a\r\nset-cookie: b", "é"])
def test_other_tokens_are_not_echoed(token: str) -> None:
    assert challenge(setting_up(token), SOURCE) is None


def test_a_notification_sets_up_nothing() -> None:
    assert challenge(HookRequest("POST", "", {}, {"verification-token": "token"}, b"{}", 0), SOURCE) is None
