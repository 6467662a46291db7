"""The rules for the next step, as a table, and the touches they are asked about."""

import pytest

from dashboards.answers.identities import identifiers_of
from dashboards.answers.next_step import RULES, Latest, latest_touches, next_step
from dashboards.answers.scope import Scope
from schemas.time import DAY_MS
from sinks.clickhouse.client import Client
from tests.dashboards.people import END_MS

NOW_MS = 1_790_000_000_000


def kind(text: str, days_ago: float) -> Latest:
    """A kind written as `calls answered outbound mailing`."""
    channel, type_, *rest = text.split()
    direction = next((word for word in rest if word.endswith("bound")), "")
    return Latest(channel, type_, direction, "mailing" in rest, NOW_MS - int(days_ago * DAY_MS), text)


@pytest.mark.parametrize(
    ("kinds", "rule"),
    [
        ([], None),
        ([("visits page", 0)], None),
        ([("visits form", 1)], "form without a call in 3 days"),
        ([("visits form", 4)], None),
        ([("visits form", 1), ("calls answered inbound", 2)], "form without a call in 3 days"),
        ([("visits form", 1), ("calls answered inbound", 0.5)], None),
        ([("visits form", 1), ("calls missed outbound", 0.5)], None),
        ([("visits form", 1), ("calls missed inbound", 0.5)], "call not taken, and none since"),
        ([("calls voicemail inbound", 6)], "call not taken, and none since"),
        ([("calls abandoned inbound", 8)], None),
        ([("calls abandoned inbound", 2), ("calls answered outbound", 1)], None),
        ([("emails received inbound", 2)], "mail without an answer in 7 days"),
        ([("emails received inbound", 2), ("emails sent outbound", 1)], None),
        ([("emails received inbound", 2), ("emails sent outbound mailing", 1)], "mail without an answer in 7 days"),
        ([("emails received inbound", 2), ("calls answered outbound", 1)], None),
        ([("emails unsubscribed", 20)], "unsubscribed in 30 days"),
        ([("emails unsubscribed", 20), ("visits form", 1)], "form without a call in 3 days"),
        ([("visits form", -1)], None),
    ],
)
def test_first_rule_that_holds(kinds: list[tuple[str, float]], rule: str | None) -> None:
    latest = [kind(*one) for one in kinds]
    step = next_step(latest, at_ms=NOW_MS, score=10.0)
    assert (step.rule if step else None) == rule
    if step:
        assert step.event_id in {one.event_id for one in latest}


def test_a_hot_customer_is_called() -> None:
    page, call = kind("visits page", 0.1), kind("calls answered inbound", 13)
    found = next_step([page], at_ms=NOW_MS, score=120.0)
    assert found is not None
    assert (found.way, found.rule, found.event_id) == ("call", "hot without a call in 14 days", page.event_id)
    assert next_step([page, call], at_ms=NOW_MS, score=120.0) is None
    assert len(RULES) == 5


def test_latest_touch_of_each_kind(lived: Client) -> None:
    mine = identifiers_of(lived, Scope(), "customer_id:c1")
    since_ms = END_MS - 30 * DAY_MS
    rows = lived.query(
        """
        SELECT channel, type, toUnixTimestamp64Milli(max(occurred_at)) FROM events FINAL
        WHERE tenant = 'main' AND folded_into IN {mine:Array(String)} AND NOT bot AND NOT beyond_window
            AND toUnixTimestamp64Milli(occurred_at) >= {since:Int64}
        GROUP BY channel, type
        """,
        parameters={"mine": mine, "since": since_ms},
    ).result_rows
    found = latest_touches(lived, Scope(), mine, since_ms=since_ms)
    assert {(one.channel, one.type, one.last_ms) for one in found} == set(rows)
    assert len(found) > 5
