"""Ranges of endpoints."""

import pytest

from tests.dashboards.api.running import RunningApi
from tests.dashboards.journey import DAY_MS
from tests.dashboards.people import END_MS


def test_without_parameters_a_range_is_the_last_30_days(api: RunningApi) -> None:
    given = f"/v1/service?from_ms={END_MS - 30 * DAY_MS}&to_ms={END_MS}"
    assert END_MS % 60_000 == 20_000  # the default ends with the minute
    assert api.get("/v1/service").json()["all"] == api.get(given).json()["all"]
    assert api.get(f"/v1/service?to_ms={END_MS}").json() == api.get(given).json()


@pytest.mark.parametrize("query", ["from_ms=-1", "to_ms=9999999999999", f"from_ms={END_MS + DAY_MS}", "zone=../x"])
def test_ranges_that_cannot_be_are_a_problem(api: RunningApi, query: str) -> None:
    assert api.get(f"/v1/service?{query}").status_code == 422
