"""Standard Webhooks: the check of secrets and mapping."""

import pytest

from sources.hooks.provider import HookSource
from sources.hooks.standard import check
from tests.sources.hooks.samples.resend import configured


@pytest.mark.parametrize(
    ("secret", "mapping", "wrong"),
    [
        (configured("a"), "cdr", ""),
        ("whsec_ä", "cdr", "secret 1 is no signing secret"),
        (configured("a"), "", "line 1: mapping: name a file"),
    ],
)
def test_secrets_and_mapping_are_checked(secret: str, mapping: str, wrong: str) -> None:
    found = check(HookSource("standard", "a", (secret,), {"mapping": mapping}))
    assert found.startswith(wrong)
    assert bool(found) == bool(wrong)
