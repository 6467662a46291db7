"""Widgets: an answer, the last good one while ClickHouse is away, or what went wrong."""

from types import SimpleNamespace
from typing import Any

import pytest

from dashboards.api.problem import ProblemError
from dashboards.pages.widget import KeptAnswers, Widget, load

AWAY = ProblemError(503, "clickhouse-away", "ClickHouse does not answer", "since 12:00")
SLOW = ProblemError(504, "too-slow", "The question took too long", "This took longer than 5 s and was stopped.")
FORBIDDEN = ProblemError(403, "forbidden", "Your role may not see this")
LINK = ("Try 7 days.", "/?range=7d")


class Asker:
    """Answers with what it is given, or raises it."""

    def __init__(self) -> None:
        self.scope, self.at_ms, self.answer = SimpleNamespace(tenant="main"), 1_000, object()
        self.request: Any = SimpleNamespace(
            app=SimpleNamespace(state=SimpleNamespace(kept_answers=KeptAnswers())),
            state=SimpleNamespace(request_id="r1"),
        )

    async def run(self, question: object, **_: object) -> object:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    async def load(self, answer: object, at_ms: int, key: str = "k") -> Widget[Any]:
        self.answer, self.at_ms = answer, at_ms
        asker: Any = self
        return await load(self.request, asker, key, lambda client: None, shorter=LINK)


async def test_the_last_good_answer_is_shown_while_clickhouse_is_away() -> None:
    asker = Asker()
    assert await asker.load("good", 1_000) == Widget("good", 1_000)
    assert await asker.load(AWAY, 9_000) == Widget("good", 1_000, stale=True)
    assert await asker.load("new", 10_000) == Widget("new", 10_000)


async def test_without_a_last_answer_the_widget_says_what_is_wrong() -> None:
    failure = (await Asker().load(AWAY, 1_000)).failure
    assert failure is not None
    assert (failure.text, failure.advice) == ("ClickHouse does not answer.", "since 12:00")
    assert (failure.request_id, failure.link) == ("r1", None)


async def test_a_slow_question_offers_a_shorter_range() -> None:
    asker = Asker()
    await asker.load("good", 1_000)
    slow = await asker.load(SLOW, 2_000)
    assert slow.value is None
    assert slow.failure is not None
    assert slow.failure.link == LINK


async def test_a_missing_right_concerns_the_whole_page() -> None:
    with pytest.raises(ProblemError):
        await Asker().load(FORBIDDEN, 1_000)


def test_the_least_used_answers_are_forgotten_and_tenants_are_apart() -> None:
    kept = KeptAnswers(2)
    for key in ("a", "b", "a", "c"):
        kept.keep("main", key, key, 1)
    assert [kept.find("main", key) for key in "abc"] == [("a", 1), None, ("c", 1)]
    assert kept.find("other", "a") is None
