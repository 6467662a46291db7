"""The contract's check for the collector; tests/sources/collector/test_touch_check.py compares it with the fast one."""

import pytest

from schemas.rejected import Reason, Rejected
from tests.schemas.touches import FULL, LEAST, as_bytes, changed
from touchline.collector.contract_check import contract_check
from touchline.settings import read_settings

CHECK = contract_check(read_settings(phone_region="DE"))


@pytest.mark.parametrize("touch", [*LEAST.items(), *FULL.items()], ids=lambda touch: touch[0])
def test_valid_touches_are_not_refused(touch: tuple[str, dict[str, object]]) -> None:
    channel, fields = touch
    assert CHECK(channel, as_bytes(fields)) is None


def test_refusals_name_reason_and_detail() -> None:
    refused = CHECK("calls", as_bytes(changed("calls", phone="12")))
    assert isinstance(refused, Rejected)
    assert refused.reason is Reason.BAD_PHONE
    assert refused.detail.startswith("phone")


def test_settings_decide() -> None:
    local = as_bytes(changed("calls", phone="030 901820"))
    assert CHECK("calls", local) is None
    assert contract_check(read_settings(phone_region="US"))("calls", local) is not None
    assert (
        contract_check(read_settings(largest_kb=1))("calls", as_bytes(changed("calls", queue="x" * 2_000))) is not None
    )
