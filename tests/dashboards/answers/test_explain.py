"""Contributions sum to the score, and other touches have a reason."""

from random import Random

import pytest

from dashboards.answers.explain import explain
from dashboards.answers.scope import Scope
from sinks.clickhouse.client import Client
from tests.dashboards.conftest import Place
from tests.dashboards.journey import DAY_MS, HALF_LIFE_MS, Journey
from tests.dashboards.people import BOT, END_MS, START_MS

MAIN = Scope()


def test_contributions_of_touches_sum_to_the_score(lived: Client) -> None:
    names = lived.query("SELECT identifier FROM profiles FINAL WHERE tenant = 'main' AND parent = ''").result_rows
    assert len(names) > 50
    at_ms = END_MS + 130 * DAY_MS
    for (name,) in Random(1).sample(names, 12):
        found = explain(lived, MAIN, name, at_ms=at_ms, half_life_ms=HALF_LIFE_MS, limit=5)
        assert found.summed.positive == pytest.approx(found.stored.positive, rel=1e-9, abs=0)
        assert found.summed.negative == pytest.approx(found.stored.negative, rel=1e-9, abs=0)
        listed = sum(part.contribution for part in found.touches)
        spread = found.summed.positive + found.summed.negative
        assert listed + found.rest == pytest.approx(found.summed.net, rel=1e-9, abs=1e-9 * spread)
        assert len(found.touches) + found.rest_touches == sum(found.fates.values())


def test_touches_of_one_profile_have_every_fate(lived: Client) -> None:
    found = explain(lived, MAIN, "customer_id:c1", at_ms=END_MS, half_life_ms=HALF_LIFE_MS, limit=100_000)
    assert found.fates.keys() == {"counted", "capped", "weightless", "bot", "too_late", "beyond_window"}
    assert found.rest_touches == 0
    for part in found.touches:
        expected = part.weight * part.remaining if part.fate == "counted" else 0.0
        assert part.contribution == pytest.approx(expected, rel=1e-12, abs=0)
        assert part.remaining == pytest.approx(0.5 ** (part.age_ms / HALF_LIFE_MS), rel=1e-12)
        assert (part.place > part.cap > 0) is (part.fate == "capped")
    contributions = [abs(part.contribution) for part in found.touches]
    assert contributions == sorted(contributions, reverse=True)


def test_cap_counts_the_earliest_touches_of_a_day_without_bots(place: Place) -> None:
    journey = Journey(Random(1))
    page = {"type": "page", "url": "https://a.example/", "customer_id": "7"}
    for number in (4, 2, 0, 3, 1):  # the cap is 3; "1" is by a bot
        touch = page | {"event_id": f"e{number}", "occurred_at": START_MS + number}
        journey.send("visits", touch | ({"user_agent": BOT} if number == 1 else {}), START_MS + 10)
    journey.run()
    journey.store(place.writer)
    found = explain(place.reader, MAIN, "customer_id:7", at_ms=START_MS, half_life_ms=HALF_LIFE_MS)
    assert {part.event_id: (part.fate, part.place) for part in found.touches} == {
        "e0": ("counted", 1),
        "e1": ("bot", 0),
        "e2": ("counted", 2),
        "e3": ("counted", 3),
        "e4": ("capped", 4),
    }
    assert [(one.rule, one.fate, one.touches) for one in found.rules] == [
        ("page", "counted", 3),
        ("page", "bot", 1),
        ("page", "capped", 1),
    ]
    assert found.stored.net == pytest.approx(3, rel=1e-6)


def test_unknown_profile_has_no_explanation(lived: Client) -> None:
    found = explain(lived, MAIN, "customer_id:nobody", at_ms=END_MS, half_life_ms=HALF_LIFE_MS)
    assert (found.touches, found.rules, found.fates, found.rest) == ((), (), {}, 0.0)
    assert found.stored == found.summed
