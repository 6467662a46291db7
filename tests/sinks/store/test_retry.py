"""Retries and outages."""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError
from hypothesis import given
from hypothesis import strategies as st

from sinks.clickhouse.client import StoreUnavailableError
from sinks.store.retry import Backoff, Retrier, RowsRefusedError


def _answers(*answers: Exception | str) -> Callable[[], str]:
    """A step that raises or returns the given outcomes, one per call."""
    rest: Iterator[Exception | str] = iter(answers)

    def step() -> str:
        answer = next(rest)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return step


def _retrier(paused: list[float]) -> Retrier:
    async def pause(seconds: float) -> None:
        paused.append(seconds)

    return Retrier(Backoff(lambda: 0.0), ThreadPoolExecutor(1), lambda: 1_700_000_000.0, pause)


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_pauses_double_up_to_the_longest(tries: int, chance: float) -> None:
    pause = Backoff(lambda: chance).before_try(tries)
    whole = min(10.0, 0.5 * 2 ** min(tries - 1, 10))
    assert whole / 2 <= pause <= whole


_PASSING = [None, 3, 60, 159, 201, 202, 203, 209, 210, 241, 243, 252, 285, 425, 473, 497, 516, 745, 1002]


@pytest.mark.parametrize("code", _PASSING)
async def test_transient_errors_are_retried_without_an_end(code: int | None) -> None:
    """Any number of times, also with rows."""
    paused: list[float] = []
    error = DatabaseError("no", code=code)
    assert await _retrier(paused).run("it", _answers(*[error] * 9, "done"), with_rows=True) == "done"
    assert paused == [0.5, 1, 2, 4, 8, 10, 10, 10, 10]


@pytest.mark.parametrize("error", [OSError("cut"), StoreUnavailableError("away"), OperationalError("Network Error")])
async def test_lost_connections_are_retried(error: Exception) -> None:
    assert await _retrier([]).run("it", _answers(error, error, "done"), with_rows=True) == "done"


@pytest.mark.parametrize(("code", "tries"), [(117, 1), (44, 1), (53, 1), (349, 1), (47, 3), (10_000, 3)])
async def test_refused_rows_end_the_retries(code: int, tries: int) -> None:
    """At once for an error about data; for an unclassified code after three answers."""
    error, paused = DatabaseError("no", code=code), list[float]()
    with pytest.raises(RowsRefusedError) as caught:
        await _retrier(paused).run("it", _answers(*[error] * tries, "too late"), with_rows=True)
    assert caught.value.code == code
    assert len(paused) == tries - 1


async def test_unknown_codes_count_after_three_in_a_row() -> None:
    a, b = DatabaseError("no", code=47), DatabaseError("no", code=48)
    assert await _retrier([]).run("it", _answers(a, a, b, b, a, a, "done"), with_rows=True) == "done"


async def test_a_step_without_rows_is_retried() -> None:
    assert await _retrier([]).run("it", _answers(*[DatabaseError("no", code=117)] * 5, "done")) == "done"


async def test_other_exceptions_pass_through() -> None:
    with pytest.raises(KeyError):
        await _retrier([]).run("it", _answers(KeyError("x")))


async def test_an_outage_is_logged_once_per_kind(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    cut, full = OSError("connection refused"), DatabaseError("no space", code=243)
    retrier, seen = _retrier([]), list[str | None]()
    step = _answers(cut, cut, full, full, "done")

    def watched() -> str:
        seen.append(retrier.outage)
        return step()

    await retrier.run("timeline partition 2", watched)
    since = "(since 2023-11-14 22:13:20Z)"
    cannot = f"timeline partition 2 waits: ClickHouse cannot be reached: connection refused {since}"
    disk = f"timeline partition 2 waits: ClickHouse answers 243 (not enough space: the disk is full): no space {since}"
    assert seen == [None, cannot, cannot, disk, disk]
    assert retrier.outage is None
    assert retrier.retries == 4
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR", "WARNING"]
