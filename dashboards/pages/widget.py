"""A widget's content: an answer, the last good one while ClickHouse is away, or what went wrong."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from fastapi import Request

from dashboards.api.ask import Asker
from dashboards.api.problem import ProblemError
from dashboards.api.reader.lanes import LaneName
from dashboards.api.reader.reader import Question

T = TypeVar("T")
AWAY: Final = "clickhouse-away"
SECOND: Final = 1.0
_KEPT: Final = 256  # answers


@dataclass(frozen=True, slots=True)
class Failure:
    """What a widget says instead of its content: what is wrong, what to do, and the id by which the log has it."""

    text: str
    advice: str
    request_id: str
    link: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Widget(Generic[T]):
    """`value` is None if and only if there is a failure. `stale`: the value is of `at_ms`, since ClickHouse is away."""

    value: T | None
    at_ms: int
    failure: Failure | None = None
    stale: bool = False


class KeptAnswers:
    """The last good answer to each question, for when ClickHouse is away; the least used ones are forgotten."""

    def __init__(self, most: int = _KEPT) -> None:
        self._most = most
        self._kept: OrderedDict[tuple[str, str], tuple[Any, int]] = OrderedDict()

    def keep(self, tenant: str, key: str, value: object, at_ms: int) -> None:
        """Keep the answer to a question of a tenant."""
        self._kept[tenant, key] = value, at_ms
        self._kept.move_to_end((tenant, key))
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def find(self, tenant: str, key: str) -> tuple[Any, int] | None:
        """Return (answer, its time), or None."""
        return self._kept.get((tenant, key))


async def load(
    request: Request,
    ask: Asker,
    key: str,
    question: Question[T],
    *,
    lane: LaneName = "fast",
    cache_s: float = SECOND,
    shorter: tuple[str, str] | None = None,
) -> Widget[T]:
    """Return the widget of a question; `key` names the question with its arguments but the tenant.

    `shorter`: the words and the address of a link to a range that is faster, for a question that took too long. Raises
    ProblemError for what concerns the whole page: no login, or a right that is missing.
    """
    kept: KeptAnswers = request.app.state.kept_answers
    try:
        value = await ask.run(question, lane=lane, cache_s=cache_s, key=key)
    except ProblemError as problem:
        if problem.status in (401, 403, 404):
            raise
        last = kept.find(ask.scope.tenant, key)
        if problem.kind == AWAY and last is not None:
            return Widget(last[0], last[1], stale=True)
        link = shorter if problem.kind in ("too-slow", "too-large") else None
        return Widget(None, ask.at_ms, Failure(problem.title + ".", problem.detail, request.state.request_id, link))
    kept.keep(ask.scope.tenant, key, value, ask.at_ms)
    return Widget(value, ask.at_ms)
