"""Profiles with the highest scores, with unmerged versions of their rows."""

from math import exp2
from random import Random

import pytest

from dashboards.answers.scope import Scope
from dashboards.answers.top import Position, Ranked, position_after, top
from sinks.clickhouse.client import Client
from sinks.store.insert import COLUMNS
from tests.dashboards.conftest import Place
from tests.dashboards.journey import DAY_MS, HALF_LIFE_MS
from tests.dashboards.people import END_MS
from tests.sinks.sample_blocks import make_row

MAIN = Scope()


def net(pos: float, neg: float, at_ms: int) -> float:
    positive, negative = (max(rank, -1e6) - at_ms / HALF_LIFE_MS for rank in (pos, neg))  # -1e6 means no score
    return exp2(positive) - exp2(negative)


@pytest.mark.parametrize("channel", ["", "visits", "emails"])
@pytest.mark.parametrize("limit", [1, 7, 500])
def test_result_equals_sorting_all_profiles(lived: Client, channel: str, limit: int) -> None:
    at_ms = END_MS + 90 * DAY_MS
    rows = lived.query(
        """
        SELECT identifier, mapConcat(rank_pos_by, map('', rank_pos)), mapConcat(rank_neg_by, map('', rank_neg))
        FROM profiles FINAL WHERE tenant = 'main' AND parent = ''
        """
    ).result_rows
    scores = {name: net(pos.get(channel, -1e6), neg.get(channel, -1e6), at_ms) for name, pos, neg in rows}
    best = sorted((name for name in scores if scores[name] > 0), key=lambda name: -scores[name])[:limit]
    found = top(lived, MAIN, at_ms=at_ms, half_life_ms=HALF_LIFE_MS, limit=limit, channel=channel)
    assert [one.profile for one in found] == best
    assert [one.place for one in found] == list(range(1, len(best) + 1))
    assert [one.score.net for one in found] == pytest.approx([scores[name] for name in best], rel=1e-9)


def store(place: Place, *rows: tuple[str, int, float, str]) -> None:
    """Rows of `profiles`: identifier, offset, rank, parent. Each call makes a part of the table."""
    made = [
        make_row("profiles", tenant="main", identifier=name, activity_offset=offset, rank_pos=rank, parent=parent)
        for name, offset, rank, parent in rows
    ]
    place.writer.raw_insert("profiles", COLUMNS["profiles"], b"".join(made), fmt="RowBinary")


def names(place: Place, limit: int) -> list[str]:
    return [one.profile for one in top(place.reader, MAIN, at_ms=END_MS, half_life_ms=HALF_LIFE_MS, limit=limit)]


def test_higher_keys_of_old_rows_do_not_count(place: Place) -> None:
    place.writer.command("SYSTEM STOP MERGES")
    fallen = [f"customer_id:f{number}" for number in range(40)]
    store(place, *((name, 1, 900.0, "") for name in fallen))
    store(place, *((f"customer_id:g{number}", 2, 500.0 + number, "") for number in range(5)))
    store(place, *((name, 3, 100.0, "") for name in fallen))
    assert names(place, 3) == ["customer_id:g4", "customer_id:g3", "customer_id:g2"]
    assert len(names(place, 100)) == 45


def test_identifier_with_a_parent_is_not_listed(place: Place) -> None:
    store(place, ("email:a@example.org", 1, 900.0, ""), ("customer_id:c", 1, 901.0, ""))
    store(place, ("email:a@example.org", 2, 900.0, "customer_id:c"))
    assert names(place, 5) == ["customer_id:c"]


def test_result_is_exact_for_any_number_of_versions(place: Place) -> None:
    random = Random(3)
    newest: dict[str, float] = {}
    for offset in range(60):
        drawn = {f"customer_id:{random.randrange(30)}": random.uniform(2900, 2950) for _ in range(4)}
        newest |= drawn
        store(place, *((name, offset, rank, "") for name, rank in drawn.items()))
    best = sorted(newest, key=lambda name: -newest[name])
    for limit in (1, 2, 5, 29, 40):
        assert names(place, limit) == best[:limit]


def test_empty_store_has_no_profiles(place: Place) -> None:
    assert names(place, 5) == []


def test_pages_follow_each_other(lived: Client) -> None:
    at_ms = END_MS + 90 * DAY_MS
    whole = top(lived, MAIN, at_ms=at_ms, half_life_ms=HALF_LIFE_MS, limit=500)
    found: list[Ranked] = []
    after: Position | None = Position()
    while page := top(
        lived, MAIN, at_ms=at_ms, half_life_ms=HALF_LIFE_MS, limit=7, after=after, first_place=len(found) + 1
    ):
        found += page
        after = position_after(page, after)
    assert found == whole
    assert len(found) > 20
    assert position_after([]) is None


def test_profiles_with_equal_scores_are_ordered_by_identifier(place: Place) -> None:
    many = sorted(f"customer_id:{number}" for number in range(100))
    store(place, *((name, 1, 2930.0, "") for name in many))
    assert names(place, 10) == many[:10]
    found: list[str] = []
    after: Position | None = None
    for _ in range(4):
        page = top(place.reader, MAIN, at_ms=END_MS, half_life_ms=HALF_LIFE_MS, limit=30, after=after)
        found += [one.profile for one in page]
        after = position_after(page, after)
    assert found == many


def test_rows_in_merged_and_new_parts(place: Place) -> None:
    people = [f"customer_id:{number}" for number in range(20)]
    store(place, *((name, 1, 2930.0 + number, "") for number, name in enumerate(people)))
    store(place, *((name, 2, 2910.0, "") for name in people[10:15]))
    place.writer.command("SYSTEM START MERGES profiles")
    place.writer.command("OPTIMIZE TABLE profiles FINAL")
    assert names(place, 7) == ["customer_id:19", "customer_id:18", "customer_id:17", "customer_id:16", "customer_id:15",
        "customer_id:9", "customer_id:8"]  # fmt: skip
    place.writer.command("SYSTEM STOP MERGES profiles")
    store(place, *((name, 3, 2900.0, "") for name in people[15:]), *((name, 4, 2950.0, "") for name in people[18:19]))
    assert names(place, 3) == ["customer_id:18", "customer_id:9", "customer_id:8"]
