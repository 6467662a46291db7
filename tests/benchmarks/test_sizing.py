"""The formula of docs/sizing.md against measurements: those in the repository, and generated ones with known costs."""

import json
from copy import deepcopy
from typing import Any

import pytest

from tests.benchmarks.scale import JSON_NAME, RECORDS, SIZING
from tests.benchmarks.sizing import BEGIN, END, MB, Costs, fit, misses, need, render_costs, replace_costs, touch_us

TRUE = Costs(
    base_mb=90, work_mb=100, bytes_per_profile=400, bytes_per_id=50, us_per_key=3.0, us_per_touch=20.0,
    us_per_partition=0.1, us_per_million=3.0,
)  # fmt: skip


def make_point(people: int, ids: int) -> dict[str, Any]:
    needed = need(TRUE, profiles=people, ids=ids, touches_per_s=0, partitions=0)
    full_mb = needed.memory_mb - TRUE.work_mb
    return {
        "state": "memory", "people": people, "ids": ids, "keys": people + ids // 500, "full_mb": full_mb,
        "loaded_mb": needed.memory_mb, "restore_cpu_s": needed.restore_s, "us_per_touch": touch_us(TRUE, people, 8),
    }  # fmt: skip


@pytest.fixture
def made() -> dict[str, Any]:
    crowds = ((10_000, 10_000), (100_000, 100_000), (1_000_000, 1_000_000), (5_000_000, 5_000_000), (1_000, 1_000_000))
    return {
        "touches": 90_000,
        "partitions": [{"partitions": n, "us_per_touch": touch_us(TRUE, 30_000, n)} for n in (1, 2, 4, 8, 16, 64)],
        "profiles": [make_point(*crowd) for crowd in crowds],
    }


def test_the_fit_recovers_the_costs_behind_the_measurements(made: dict[str, Any]) -> None:
    assert fit(made, "memory") == TRUE
    assert misses(made) == []


@pytest.mark.parametrize(
    ("place", "name", "factor", "message"),
    [
        (("profiles", 1), "full_mb", 1.8, "100000 profiles, 100000 ids in memory"),
        (("profiles", 2), "restore_cpu_s", 3.0, "1000000 profiles, 1000000 ids in memory: restored"),
        (("partitions", 3), "us_per_touch", 2.0, "8 partitions"),
        (("profiles", 0), "us_per_touch", 2.0, "10000 profiles, 10000 ids in memory: "),
    ],
)
def test_an_outlying_measurement_is_reported(
    made: dict[str, Any], place: tuple[str, int], name: str, factor: float, message: str
) -> None:
    changed = deepcopy(made)
    changed[place[0]][place[1]][name] *= factor
    assert any(miss.startswith(message) for miss in misses(changed)), misses(changed)


def test_needs_of_a_worker_follow_the_formula() -> None:
    found = need(TRUE, profiles=2_000_000, ids=3_000_000, touches_per_s=10_000, partitions=8)
    assert found.memory_mb == pytest.approx(190 + (800_000_000 + 150_000_000) / MB)
    assert found.cores == pytest.approx(0.268)
    assert found.restore_s == pytest.approx(6.0)


def test_costs_are_written_between_their_marks(made: dict[str, Any]) -> None:
    page = replace_costs(f"before\n{BEGIN}\nold\n{END}\nafter", made)
    assert page == f"before\n{BEGIN}\n\n{render_costs(made)}\n\n{END}\nafter"
    assert "| `bytes_per_profile` | 400 |" in page
    with pytest.raises(ValueError, match="needs the lines"):
        replace_costs("no marks", made)


def test_the_formula_holds_for_the_measurements_of_the_repository() -> None:
    scale = json.loads((RECORDS / JSON_NAME).read_text())
    assert len(scale["profiles"]) >= 4
    assert len(scale["partitions"]) >= 3
    assert misses(scale) == []


def test_the_page_has_the_measured_costs() -> None:
    scale = json.loads((RECORDS / JSON_NAME).read_text())
    assert render_costs(scale) in SIZING.read_text()
