"""A rebuild restores the newest revision of a touch, and the counts of a rollup that a revision takes back."""

from collections.abc import Sequence

import pytest

from schemas.blocks import compress_rows
from schemas.columns import TABLES
from sinks.clickhouse.client import Client
from sinks.rebuild.hold import Hold
from sinks.rebuild.restore_rollups import restore_rollup
from sinks.rebuild.restore_rows import restore_events
from sinks.rebuild.staging import Staging
from sinks.store.insert import insert_frames, insert_touches
from sinks.store.intent_log import IntentLog
from sinks.store.rollups import ROLLUPS
from tests.sinks.sample_blocks import make_event

Report = tuple[int, str, int, str, int, float]  # offset, event id, revision, type, change, weight
RINGING: list[Report] = [(0, "call", 0, "missed", 1, 1.0), (1, "other", 0, "missed", 1, 1.0)]
ANSWERED: list[Report] = [(2, "call", 0, "missed", -1, 1.0), (2, "call", 1, "answered", 2, 5.0)]
ENDED: list[Report] = [(4, "call", 1, "answered", -1, 5.0), (4, "call", 2, "answered", 2, -2.0)]
ALL = [*RINGING, *ANSWERED, *ENDED]
SUMS = {"answered": (1, -2.0), "missed": (1, 1.0)}


def rows(reports: Sequence[Report]) -> list[bytes]:
    return [
        make_event("t", 1, offset, event_id=event_id, revision=revision, type=type_, change=change, weight=weight,
                   channel="calls", occurred_at=1_700_000_000_000, folded_into="phone:1", campaign=type_,
                   wait_s=9.0 if type_ == "missed" else 2.0)
        for offset, event_id, revision, type_, change, weight in reports
    ]  # fmt: skip


@pytest.fixture
def hold(client: Client) -> Hold:
    """A hold on one claimed partition, which nothing renews."""
    intent_log = IntentLog(client, "k/", 1, "rebuild")
    intent_log.claim()
    return Hold(client, "k/", "rebuild", [intent_log])


def stage(client: Client) -> None:
    """Fill the staging tables with everything."""
    Staging(client).create()
    insert_frames(client, "rebuild_events", [compress_rows(rows(ALL))], TABLES["events"])


def restore(client: Client, hold: Hold) -> tuple[int, list[int]]:
    """Restore everything; return how many touches and rows of each rollup were missing."""
    events = restore_events(client, hold, "events", change=True)
    return events, [restore_rollup(client, hold, rollup, change=True) for rollup in ROLLUPS]


def check(client: Client) -> None:
    found = client.query("SELECT event_id, revision, type FROM events FINAL ORDER BY 1").result_rows
    assert found == [("call", 2, "answered"), ("other", 0, "missed")]
    for rollup in ("touches_by_minute", "touches_by_hour", "touches_by_day"):
        counts = client.query(f"SELECT type, sum(touches), sum(weight) FROM {rollup} GROUP BY 1 ORDER BY 1").result_rows
        assert {type_: sums for type_, *sums in counts} == {type_: [*sums] for type_, sums in SUMS.items()}
    counts = client.query("SELECT type, waited_s, toInt64(sum(touches)) FROM calls_by_hour GROUP BY ALL").result_rows
    assert {(type_, waited_s): n for type_, waited_s, n in counts if n} == {("answered", 2): 1, ("missed", 9): 1}
    assert client.query("SELECT sum(touches), toInt64(sum(late)) FROM quality_by_hour").result_rows == [(2, 0)]
    counts = client.query("SELECT campaign, toInt64(sum(touches)) FROM campaigns_by_day GROUP BY 1").result_rows
    assert {campaign: n for campaign, n in counts if n} == {"answered": 1, "missed": 1}


@pytest.mark.parametrize("stored", [[], RINGING, [*RINGING, *ANSWERED]], ids=["nothing", "ringing", "answered"])
@pytest.mark.parametrize("merged", [False, True])
def test_missing_revisions_are_restored(client: Client, hold: Hold, stored: list[Report], merged: bool) -> None:
    """As in a database that was restored from a backup."""
    if stored:
        insert_touches(client, [compress_rows(rows(stored))], "1")
    if merged:
        client.command("OPTIMIZE TABLE events FINAL")
    stage(client)
    events, rollups = restore(client, hold)
    assert events == (1 if stored else 2)
    assert all(rollups[:3])
    assert bool(rollups[-1]) is (not stored)  # all revisions arrived in one hour
    check(client)
    assert restore(client, hold) == (0, [0] * len(ROLLUPS))


@pytest.mark.parametrize("merged", [False, True])
def test_nothing_is_missing_where_everything_is_stored(client: Client, hold: Hold, merged: bool) -> None:
    """A former revision that a merge has removed is not restored, which would hide the newest."""
    for number, reports in enumerate((RINGING, ANSWERED, ENDED)):
        insert_touches(client, [compress_rows(rows(reports))], str(number))
    if merged:
        client.command("OPTIMIZE TABLE events FINAL")
    stage(client)
    assert restore(client, hold) == (0, [0] * len(ROLLUPS))
    check(client)
