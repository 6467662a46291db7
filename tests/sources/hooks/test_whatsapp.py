"""WhatsApp: setting up, apart from what holds for every adapter."""

import pytest

from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import HookAnswer, HookSource
from sources.hooks.whatsapp import challenge

SOURCE = HookSource("whatsapp", "main", ("app-secret",), {"verify_token": "hello-meta"})
QUERY = {"hub.mode": "subscribe", "hub.verify_token": "hello-meta", "hub.challenge": "1158201444"}


def setting_up(method: str = "GET", **changed: str) -> HookRequest:
    query = {**QUERY, **{f"hub.{name}": value for name, value in changed.items()}}
    return HookRequest(method, "https://collect.example.org/v1/hooks/whatsapp/main", query, {}, b"", 0)


def test_the_challenge_is_echoed_as_text() -> None:
    assert challenge(setting_up(), SOURCE) == HookAnswer(200, b"1158201444", "text/plain; charset=utf-8")


@pytest.mark.parametrize(
    "request_",
    [
        setting_up(verify_token="other"),
        setting_up(verify_token=""),
        setting_up(mode="unsubscribe"),
        setting_up(challenge="x" * 201),
        setting_up("POST"),
    ],
)
def test_other_requests_set_up_nothing(request_: HookRequest) -> None:
    assert challenge(request_, SOURCE) is None


def test_without_a_token_nothing_is_set_up() -> None:
    assert challenge(setting_up(verify_token=""), SOURCE._replace(options={})) is None
