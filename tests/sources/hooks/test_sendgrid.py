"""SendGrid: the check of its keys, apart from what holds for every adapter."""

from sources.hooks.provider import HookSource
from sources.hooks.sendgrid import check
from tests.sources.hooks.samples.sendgrid import public_key


def test_a_secret_that_is_no_key_is_named_by_its_number() -> None:
    assert check(HookSource("sendgrid", "a", (public_key("x"), public_key("y")))) == ""
    assert check(HookSource("sendgrid", "a", (public_key("x"), "SG.api-key"))).startswith("secret 2 is no verification")
