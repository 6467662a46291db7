"""Days, sessions and joins of a timeline."""

from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

from dashboards.answers.identities import Member
from dashboards.answers.touches import Touch
from dashboards.pages.customer.days import Day, Join, Line, days_of
from tests.dashboards.pages.customer.examples import NOW_MS, member, touch

DAY_MINUTES = 24 * 60


def days(touches: list[Touch], members: list[Member] | None = None, **more: Any) -> list[Day]:
    given: dict[str, Any] = {"has_newer": False, "has_older": False}
    return days_of(touches, members or [], UTC, **(given | more))


def titles(found: list[Day]) -> list[list[str]]:
    return [[one.title if isinstance(one, Line) else "join" for one in day.lines] for day in found]


def test_views_after_each_other_are_a_session() -> None:
    touches = [
        touch(1),
        touch(3, fate="capped", gave=0.0, left=0.0),
        touch(33),
        touch(64),
        touch(70, "form", title="Sent a form"),
    ]
    found = days(touches)
    assert titles(found) == [["3 pages in 32\u00a0min", "Viewed /pricing", "Sent a form"]]
    session = found[0].lines[0]
    assert isinstance(session, Line)
    assert (session.gave, session.left, session.note) == (2.0, 1.0, "1 without points")
    assert (session.detail, len(session.views), found[0].touches) == ("news · mobile", 3, 5)


def test_days_are_those_of_the_zone() -> None:
    touches = [
        touch(0),
        touch(DAY_MINUTES / 2 - 1, title="just after midnight"),
        touch(DAY_MINUTES / 2 + 40, title="before"),
    ]
    assert titles(days(touches)) == [["Viewed /pricing", "just after midnight"], ["before"]]
    honolulu = days_of(touches, [], ZoneInfo("Pacific/Honolulu"), has_newer=False, has_older=False)
    assert titles(honolulu) == [["Viewed /pricing"], ["just after midnight", "before"]]


def test_joins_are_above_the_touch_that_made_them() -> None:
    joined = member("anonymous_id:v", "email:a@example.org", 40)
    found = days([touch(1), touch(40), touch(90)], [member("email:a@example.org"), joined])
    assert titles(found) == [["Viewed /pricing", "join", "Viewed /pricing", "Viewed /pricing"]]
    join = found[0].lines[1]
    assert isinstance(join, Join)
    assert (join.child.text, join.parent.text, join.at_ms) == ("v", "a@example.org", NOW_MS - 40 * 60_000)


def test_joins_of_other_pages_are_left_out() -> None:
    joins = [member("anonymous_id:v", "email:a@example.org", minutes) for minutes in (1, 200)]
    touches = [touch(40), touch(90)]
    assert sum(map(len, titles(days(touches, joins)))) == 4
    assert sum(map(len, titles(days(touches, joins, has_newer=True, has_older=True)))) == 2
    assert days([], joins) == []


def test_words_of_senders_may_be_left_out() -> None:
    found = days([touch(1, fate="bot", gave=0.0)], in_words=False)
    line = found[0].lines[0]
    assert isinstance(line, Line)
    assert (line.title, line.detail, line.note) == ("Page", "", "bot")
