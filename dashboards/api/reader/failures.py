"""From an error of ClickHouse to the problem that a client is sent, without the engine's text, which may quote data."""

from typing import Final

from clickhouse_connect.driver.exceptions import ClickHouseError

from dashboards.api.problem import ProblemError

RETRY_S: Final = 5
_TIME: Final = frozenset({159, 160, 209, 394})
_SIZE: Final = frozenset({158, 307, 396})
_BUSY: Final = frozenset({202, 241, 364, 439, 700, 745})
_SET_UP: Final = frozenset({16, 46, 47, 60, 81, 192, 193, 194, 497, 516})


def code_of(error: BaseException) -> int | None:
    """Return ClickHouse's code of an error; None if ClickHouse was not reached."""
    code = getattr(error, "code", None)
    return code if isinstance(code, int) else None


def is_outage(error: BaseException) -> bool:
    """Return whether ClickHouse was not reached."""
    return isinstance(error, OSError) or (isinstance(error, ClickHouseError) and code_of(error) is None)


def too_slow(limit_s: float) -> ProblemError:
    """Return the problem of a question that took too long."""
    detail = f"This took longer than {limit_s:g} s and was stopped: ask for a shorter time or fewer rows."
    return ProblemError(504, "too-slow", "The question took too long", detail, retry_s=RETRY_S)


def lane_full(name: str) -> ProblemError:
    """Return the problem of a lane without a free place."""
    detail = f"All places for {name} questions are taken: send the request again."
    return ProblemError(503, "busy", "Too many questions at once", detail, retry_s=RETRY_S)


def clickhouse_away(since: str) -> ProblemError:
    """Return the problem of an outage; `since`: when it was noticed, as ISO 8601."""
    detail = (
        f"ClickHouse has not answered since {since}: `touchline up` restarts its own; start any other, or correct the "
        "address. Nothing that was sent is lost."
    )
    return ProblemError(
        503, "clickhouse-away", "ClickHouse does not answer", detail, retry_s=RETRY_S, more={"since": since}
    )


def problem_of(error: BaseException, limit_s: float) -> ProblemError:
    """Return the problem of an error that ClickHouse answered."""
    code = code_of(error)
    if code in _TIME:
        return too_slow(limit_s)
    if code in _SIZE:
        detail = "The answer would be too large: ask for a shorter time, fewer rows or one channel."
        return ProblemError(422, "too-large", "The answer is too large", detail)
    if code in _BUSY:
        detail = "ClickHouse has no room for another query: send the request again."
        return ProblemError(503, "busy", "ClickHouse is busy", detail, retry_s=RETRY_S)
    if code in _SET_UP:
        detail = f"ClickHouse refuses the query (code {code}): run `touchline migrate`, then `touchline doctor`."
        return ProblemError(503, "clickhouse-refuses", "ClickHouse refuses the query", detail, retry_s=60)
    detail = f"ClickHouse reported error {code}: the log of the API has it under the request's id."
    return ProblemError(500, "fault", "The query failed", detail)
