"""The check by the contract's models."""

import pytest

from schemas.rejected import Rejected
from sources.collector.reference_check import check_message, read_message
from tests.schemas.touches import FULL


@pytest.mark.parametrize("channel", list(FULL))
def test_valid_touches_are_not_refused(channel: str) -> None:
    assert check_message(channel, FULL[channel], ("email",), "US") is None
    assert isinstance(check_message(channel, {}, ("email",), "US"), Rejected)


def test_objects_are_read() -> None:
    assert read_message(b'{"a":1}') == {"a": 1}
    assert isinstance(read_message(b"[1]"), Rejected)
    assert isinstance(read_message(b"{"), Rejected)
