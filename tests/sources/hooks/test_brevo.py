"""Brevo: times, apart from what holds for every adapter."""

from sources.hooks.provider import Unmappable
from tests.sources.hooks.samples.brevo import event
from tests.sources.hooks.webhooks import map_payload


def test_times_in_the_zone_of_the_account_are_not_read() -> None:
    without = event("delivered", ts_epoch=None)
    assert isinstance(map_payload("brevo", without), Unmappable)


def test_a_secret_in_a_header_of_ones_own_is_an_option() -> None:
    assert not isinstance(
        map_payload("brevo", event("click", link="mailto:a@example.org"), {"header": "x"}), Unmappable
    )
