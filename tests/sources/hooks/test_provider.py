"""Defaults of an adapter."""

from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import HookAnswer, HookSource, Provider, Verdict


def test_a_plain_adapter_sets_up_nothing_and_answers_200() -> None:
    provider = Provider("acme", lambda request, source: Verdict.GENUINE, lambda request, source: ())
    request = HookRequest("POST", "https://example.org/v1/hooks/acme/a", {}, {}, b"", 0)
    assert provider.challenge(request, HookSource("acme", "a", ("s",))) is None
    assert provider.accepted == HookAnswer(200)
    assert provider.busy_status == 503
    assert provider.keep(b"{}") == b"{}"
    assert provider.check(HookSource("acme", "a", ("s",))) == ""
    assert provider.certificate_url(request, HookSource("acme", "a", ("s",))) == ""
