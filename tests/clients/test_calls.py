"""What the tests expect of the SDKs is valid by the contract."""

import pytest

from schemas.channels import CHANNELS
from tests.clients.calls import FAMILIES


@pytest.mark.parametrize("family", FAMILIES)
def test_expected_touches_are_valid(family: str) -> None:
    for channel, touch in FAMILIES[family][1]:
        CHANNELS[channel].model_validate({**touch, "event_id": "e", "occurred_at": 1_796_100_000_000, "library": "x"})
