"""Where Dynamics 365 has its secret, and what it repeats, apart from what holds for every adapter."""

import pytest

from sources.hooks.dynamics import PROVIDER, verify
from sources.hooks.hook_request import HookRequest
from sources.hooks.provider import HookSource, Verdict


@pytest.mark.parametrize(
    ("options", "query", "headers", "verdict"),
    [
        ({}, {"code": "s1"}, {}, Verdict.GENUINE),
        ({}, {"key": "s1"}, {}, Verdict.FORGED),
        ({"query": "key"}, {"key": "s1"}, {}, Verdict.GENUINE),
        ({"query": "key"}, {"code": "s1"}, {}, Verdict.FORGED),
        ({"header": "X-Key"}, {}, {"x-key": "s1"}, Verdict.GENUINE),
        ({"header": "X-Key"}, {"code": "s1"}, {}, Verdict.FORGED),
    ],
)
def test_the_secret_is_where_the_options_name_it(
    options: dict[str, str], query: dict[str, str], headers: dict[str, str], verdict: Verdict
) -> None:
    request = HookRequest("POST", "", query, headers, b"{}", 0)
    assert verify(request, HookSource("dynamics", "main", ("s1",), options)) is verdict


def test_a_busy_answer_is_one_after_which_it_is_repeated() -> None:
    assert PROVIDER.busy_status in (502, 503, 504)
