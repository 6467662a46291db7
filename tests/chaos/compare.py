"""What is stored against what must be there: every row, every column that is determined.

Not determined, and so not looked at: where on `activity` a row comes from; of a touch sent several times, which copy is
stored, as long as it is one that came first of its raw partition (all the rest of the row follows from it); what a row
of `profiles` sums up for an identifier that is part of another; hours of `score_history` but each profile's newest.
"""

from collections.abc import Callable, Iterable

from sinks.clickhouse.client import Client
from tests.chaos.compare_changelogs import compare_changelogs
from tests.chaos.compare_rows import (
    Events,
    judge_identities,
    judge_members,
    judge_quarantine,
)
from tests.chaos.compare_sums import judge_history, judge_pieces, judge_profiles, judge_rollup, judge_sessions
from tests.chaos.compare_tables import Row, read_events, read_table
from tests.chaos.compare_verdict import Verdict
from tests.oracle.site import Expected

__all__ = ["Verdict", "compare", "compare_changelogs"]


def compare(expected: Expected, client: Client) -> Verdict:
    """Everything in the database of `client`."""
    return judge(expected, read_events(client), lambda name: read_table(client, name))


def judge(expected: Expected, events: Iterable[list[Row]], table: Callable[[str], list[Row]]) -> Verdict:
    """All rows of `events`, some at a time, and of every other table (tests.chaos.compare_tables)."""
    verdict = Verdict()
    judged = Events(expected, verdict)
    for rows in events:
        judged.judge(rows)
    judged.finish()
    judge_quarantine(expected, table("quarantine"), verdict)
    judge_identities(expected, table("identities"), verdict)
    judge_members(expected, table("members"), table("children"), verdict)
    judge_profiles(expected, table("profiles"), verdict)
    judge_history(expected, table("history"), verdict)
    judge_pieces(expected, table("session_pieces"), verdict)
    judge_sessions(expected, table("sessions"), verdict)
    judge_rollup(expected.minutes, table("minutes"), "touches_by_minute", verdict)
    judge_rollup(expected.hours, table("hours"), "touches_by_hour", verdict)
    return verdict
