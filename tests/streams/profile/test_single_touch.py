"""The only touch of an identifier is stored verbatim."""

import pytest

from tests.streams.profile.folding import encode, fold
from tests.streams.touches import (
    START_MS,
    touch,
)


@pytest.mark.parametrize("cap", [0, 20])
def test_the_state_of_one_touch_is_small(cap: int) -> None:
    one = touch(
        START_MS,
        "0191d3a4-6f0a-7c3e-9d55-0b6f2f6f9a11",
        page="www.example.org/pricing/teams",
        source="google",
        medium="organic",
        cap=cap,
        cap_value="page_view" if cap else "",
        traits={"$country": "DE", "$device": "desktop"},
        rules_version="0fa04255aea3",
    )
    assert len(encode(fold([one])[0])) < 200
