"""Comparison of the stored rows with the expected ones: every row and every column that is determined.

Not determined, and therefore not compared: the place on `activity` that a row comes from; which copy of a repeated
touch is stored, as long as it was the first copy in its raw partition (the rest of the row follows from it); the sums
in the `profiles` row of an identifier that is part of another.
"""

from collections.abc import Callable, Iterable

from sinks.clickhouse.client import Client
from tests.chaos.compare_changelogs import compare_changelogs
from tests.chaos.compare_rows import (
    Events,
    check_identities,
    check_members,
    check_page_times,
    check_quarantine,
)
from tests.chaos.compare_sums import check_pieces, check_profiles, check_rollup, check_sessions
from tests.chaos.compare_tables import Row, read_events, read_table
from tests.chaos.compare_verdict import Verdict
from tests.oracle.rollups import Calls, CampaignDay, Quality, Rollup
from tests.oracle.site import Expected

__all__ = ["Verdict", "compare", "compare_changelogs"]


def compare(expected: Expected, client: Client) -> Verdict:
    """Compare everything in the database of `client`."""
    return check(expected, read_events(client), lambda name: read_table(client, name))


def check(expected: Expected, events: Iterable[list[Row]], table: Callable[[str], list[Row]]) -> Verdict:
    """Check all rows of `events`, in slices, and of every other table (tests.chaos.compare_tables)."""
    verdict = Verdict()
    events_check = Events(expected, verdict)
    for rows in events:
        events_check.check(rows)
    events_check.finish()
    check_quarantine(expected, table("quarantine"), verdict)
    check_page_times(expected, table("page_times"), verdict)
    check_identities(expected, table("identities"), verdict)
    check_members(expected, table("members"), table("children"), verdict)
    check_profiles(expected, table("profiles"), verdict)
    check_pieces(expected, table("session_pieces"), verdict)
    check_sessions(expected, table("sessions"), verdict)
    rollups = expected.rollups
    check_rollup(rollups.minutes, table("minutes"), "touches_by_minute", Rollup(), verdict)
    check_rollup(rollups.hours, table("hours"), "touches_by_hour", Rollup(), verdict)
    check_rollup(rollups.days, table("days"), "touches_by_day", Rollup(), verdict)
    check_rollup(rollups.campaigns, table("campaigns"), "campaigns_by_day", CampaignDay(), verdict)
    check_rollup(rollups.calls, table("calls"), "calls_by_hour", Calls(), verdict)
    check_rollup(events_check.quality(), table("quality"), "quality_by_hour", Quality(), verdict)
    return verdict
