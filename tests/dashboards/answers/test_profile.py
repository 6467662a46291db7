"""The view of one profile after the real pipeline."""

import msgspec
import pytest

from dashboards.answers.profile import profile
from dashboards.answers.scope import Scope
from dashboards.answers.top import top
from sinks.clickhouse.client import Client
from tests.dashboards.journey import HALF_LIFE_MS
from tests.dashboards.people import END_MS

MAIN = Scope()


@pytest.fixture(scope="module")
def name(lived: Client) -> str:
    return top(lived, MAIN, at_ms=END_MS, half_life_ms=HALF_LIFE_MS, limit=1)[0].profile


def test_profile_matches_its_touches(lived: Client, name: str) -> None:
    found = profile(lived, MAIN, name, at_ms=END_MS, half_life_ms=HALF_LIFE_MS, newest_sessions=3)
    assert found is not None
    touches, bots, first_ms, last_ms, channels = lived.query(
        """
        SELECT
            count(), countIf(bot),
            toUnixTimestamp64Milli(min(occurred_at)), toUnixTimestamp64Milli(max(occurred_at)),
            sumMap(map(toString(channel), 1))
        FROM events FINAL
        WHERE tenant = 'main' AND NOT beyond_window AND folded_into IN {mine:Array(String)}
        """,
        parameters={"mine": [one.identifier for one in found.members]},
    ).result_rows[0]
    assert (found.touches, found.bots, found.touches_by) == (touches, bots, channels)
    assert (found.first_seen_ms, found.last_seen_ms) == (first_ms, last_ms)
    assert found.score.net == pytest.approx(sum(one.net for one in found.score_by.values()), rel=1e-9)
    assert found.first.source.startswith("ad")
    assert found.traits["name"].startswith("Person ")
    assert "$device" not in found.traits
    assert found.device == "desktop"
    sessions = lived.query(
        "SELECT count() FROM sessions WHERE tenant = 'main' AND profile = {p:String}", parameters={"p": name}
    )
    assert found.sessions == sessions.result_rows[0][0] > 3
    started = [one.started_ms for one in found.newest_sessions]
    assert len(started) == 3
    assert started == sorted(started, reverse=True)
    msgspec.json.encode(found)


def test_score_halves_within_a_half_life(lived: Client, name: str) -> None:
    now, later = (
        profile(lived, MAIN, name, at_ms=at_ms, half_life_ms=HALF_LIFE_MS) for at_ms in (END_MS, END_MS + HALF_LIFE_MS)
    )
    assert now is not None
    assert later is not None
    assert later.score.net == pytest.approx(now.score.net / 2, rel=1e-9)


def test_unknown_profile_is_none(lived: Client) -> None:
    assert profile(lived, MAIN, "customer_id:nobody", at_ms=END_MS, half_life_ms=HALF_LIFE_MS) is None
    assert profile(lived, Scope("empty"), "customer_id:c1", at_ms=END_MS, half_life_ms=HALF_LIFE_MS) is None
