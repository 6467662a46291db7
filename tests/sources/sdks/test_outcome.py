"""Events that cannot be mapped."""

import pytest

from sources.sdks.outcome import Unmapped, unmapped


@pytest.mark.parametrize(
    ("event", "kept"),
    [
        ({"type": "x", "writeKey": "k", "api_key": "k", "aid": "k"}, {"type": "x"}),
        (7, 7),
        (None, None),
        (["a"], ["a"]),
    ],
)
def test_an_unmapped_event_is_kept_without_its_write_key(event: object, kept: object) -> None:
    assert unmapped(event) == Unmapped("visits", kept)
