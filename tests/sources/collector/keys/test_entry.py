"""What an entry permits."""

import pytest

from tests.sources.collector.keys.entries import entry


@pytest.mark.parametrize(
    ("channels", "channel", "permitted"),
    [
        ((), "visits", True),
        (("visits",), "visits", True),
        (("visits", "orders"), "orders", True),
        (("visits",), "orders", False),
    ],
)
def test_channels_limit_an_entry_and_none_means_all(channels: tuple[str, ...], channel: str, permitted: bool) -> None:
    assert entry(channels=channels).permits_channel(channel) is permitted
