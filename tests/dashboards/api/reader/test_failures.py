"""Problems of errors: what a client is sent has nothing of the engine's text."""

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError

from dashboards.api.reader.failures import clickhouse_away, code_of, is_outage, lane_full, problem_of, too_slow


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        (159, 504, "too-slow"),
        (396, 422, "too-large"),
        (202, 503, "busy"),
        (60, 503, "clickhouse-refuses"),
        (999, 500, "fault"),
    ],
)
def test_codes(code: int, status: int, kind: str) -> None:
    problem = problem_of(DatabaseError("email:anna@example.org", code=code), 10)
    assert (problem.status, problem.kind) == (status, kind)
    assert "anna" not in str(problem.members(""))


def test_outages() -> None:
    assert is_outage(OperationalError("refused"))
    assert is_outage(ConnectionResetError())
    assert not is_outage(DatabaseError("no", code=60))
    assert code_of(ValueError()) is None


def test_problems_of_waiting() -> None:
    assert "longer than 2.5 s" in too_slow(2.5).detail
    assert lane_full("slow").retry_s > 0
    assert "2026-01-01T00:00:00Z" in clickhouse_away("2026-01-01T00:00:00Z").detail
