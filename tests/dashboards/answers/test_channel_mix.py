"""Touches by channel and type."""

from dashboards.answers.channel_mix import Kind, channel_mix
from dashboards.answers.scope import Scope
from dashboards.answers.time_steps import Span
from tests.dashboards.conftest import Place
from tests.dashboards.stored_touches import HOUR_MS, NOON_MS, store_touches


def test_kinds_are_listed_by_touches(place: Place) -> None:
    store_touches(
        place.writer, {"type": "form", "weight": 2.0}, {}, {"bot": True, "weight": 0.0},
        {"channel": "calls", "occurred_at": NOON_MS + HOUR_MS},
    )  # fmt: skip
    found = channel_mix(place.reader, Scope(), Span(NOON_MS + 1, NOON_MS + 2))
    assert found == [Kind("visits", "page", 2, 1, 1.5), Kind("visits", "form", 1, 0, 2.0)]
