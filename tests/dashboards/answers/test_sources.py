"""Touches by source."""

from dashboards.answers.scope import Scope
from dashboards.answers.sources import Source, Sources, sources
from dashboards.answers.time_steps import Span
from tests.dashboards.conftest import Place
from tests.dashboards.stored_touches import NOON_MS, store_touches


def test_sources_are_listed_by_touches(place: Place) -> None:
    news, search = {"lead_source": "news"}, {"lead_source": "google", "referrer_class": "search", "bot": True}
    store_touches(place.writer, news, news, search, {})
    found = sources(place.reader, Scope(), Span(NOON_MS, NOON_MS + 1), limit=1)
    assert found == Sources((Source("news", "", 2, 0, 3.0),), found=2, touches=3)
    assert sources(place.reader, Scope("other"), Span(NOON_MS, NOON_MS + 1)) == Sources((), 0, 0)
