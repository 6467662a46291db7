"""The description of the API holds: schemathesis sends what it permits and what it forbids, and finds no failure."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.dashboards.api.running import RunningApi
from tests.scale import scaled

# Which names of rules and which cursors exist is not in the schema.
UNDECIDABLE = [positive_data_acceptance]
QUICK = settings(
    max_examples=scaled(4), phases=[Phase.generate], suppress_health_check=list(HealthCheck), deadline=None
)


@pytest.fixture(scope="module")
def operations(whole_api: RunningApi) -> list[Any]:
    """All operations that the running API describes."""
    schema = schemathesis.openapi.from_url(f"{whole_api.url}/v1/openapi.json")
    found = [one.ok() for one in schema.get_all_operations()]
    return [one for one in found if one.path != "/v1/live"]  # it has no end


@pytest.mark.parametrize("mode", GenerationMode)
def test_requests_are_answered_as_described(operations: list[Any], mode: GenerationMode) -> None:
    assert len(operations) > 5
    for operation in operations:
        if mode is GenerationMode.NEGATIVE and not (list(operation.iter_parameters()) or operation.body):
            continue  # nothing of it can be wrong

        @QUICK
        @given(operation.as_strategy(generation_mode=mode))
        def check(case: Any) -> None:
            case.call_and_validate(
                headers={"Authorization": "Bearer token-analyst"}, timeout=60, excluded_checks=UNDECIDABLE
            )

        check()
