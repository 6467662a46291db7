"""What is stored against what must be there: every row, every column that is determined.

Not determined, and so not looked at: where on `activity` a row comes from; of a touch sent several times, which copy is
stored, as long as it is one that came first of its raw partition (all the rest of the row follows from it); what a row
of `profiles` sums up for an identifier that is part of another; hours of `score_history` but each profile's newest.
"""

from sinks.clickhouse import Client
from tests.chaos.compare_changelogs import compare_changelogs
from tests.chaos.compare_rows import (
    Events,
    judge_history,
    judge_identities,
    judge_members,
    judge_pieces,
    judge_profiles,
    judge_quarantine,
    judge_rollup,
    judge_sessions,
)
from tests.chaos.compare_tables import read_events, read_table
from tests.chaos.compare_verdict import Verdict
from tests.chaos.oracle import Expected

__all__ = ["Verdict", "compare", "compare_changelogs"]


def compare(expected: Expected, client: Client) -> Verdict:
    """Everything in the database of `client`."""
    verdict = Verdict()
    events = Events(expected, verdict)
    for rows in read_events(client):
        events.judge(rows)
    events.finish()
    judge_quarantine(expected, read_table(client, "quarantine"), verdict)
    judge_identities(expected, read_table(client, "identities"), verdict)
    judge_members(expected, read_table(client, "members"), read_table(client, "children"), verdict)
    judge_profiles(expected, read_table(client, "profiles"), verdict)
    judge_history(expected, read_table(client, "history"), verdict)
    judge_pieces(expected, read_table(client, "session_pieces"), verdict)
    judge_sessions(expected, read_table(client, "sessions"), verdict)
    judge_rollup(expected.minutes, read_table(client, "minutes"), "touches_by_minute", verdict)
    judge_rollup(expected.hours, read_table(client, "hours"), "touches_by_hour", verdict)
    return verdict
