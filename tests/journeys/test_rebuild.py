"""Lost rows of the store are restored from Kafka, each once, while a worker runs."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pytest
from kafka import KafkaConsumer
from kafka.admin import KafkaAdminClient
from kafka.structs import TopicPartition

from schemas.columns import EVENTS
from sinks.checks.missing_rows import find_missing, read_stored_offsets
from sinks.store.rollups import ROLLUPS
from tests.journeys.crowd import Crowd
from tests.journeys.engine import Engine
from tests.journeys.site import ROOT, Site
from tests.journeys.tables import Tables, differences
from tests.journeys.waiting import wait_for
from touchline.ops.rebuild.rebuild import rebuild
from touchline.ops.rebuild.report import TABLES, RebuildOptions, Report
from touchline.ops.store_check import compare_tables

_CONTENT: Final = {
    "events": "SELECT * FROM events FINAL ORDER BY activity_partition, activity_offset",
    **{
        name: f"SELECT {of.key}, {', '.join(f'round(sum(one.{column}), 6)' for column in of.sums)}, maxMap(one.upto) "
        f"FROM {name} AS one GROUP BY ALL ORDER BY ALL"
        for name, of in ROLLUPS.items()
    },
    "profiles": "SELECT * FROM profiles FINAL ORDER BY tenant, identifier",
    "session_pieces": "SELECT * FROM session_pieces FINAL ORDER BY tenant, folded_into, day",
    "identities": "SELECT * FROM identities FINAL ORDER BY tenant, identifier",
    "identity_children": "SELECT * FROM identity_children FINAL ORDER BY tenant, parent, identifier",
    "page_times": "SELECT tenant, folded_into, page_id, engaged_ms FROM page_times FINAL ORDER BY ALL",
    "quarantine": "SELECT * FROM quarantine FINAL ORDER BY raw_topic, raw_partition, raw_offset",
}
_RANKS: Final = "touches, round(rank_pos, 9), round(rank_neg, 9)"
_FROM_STATES: Final = {
    "profiles": f"SELECT tenant, identifier, {_RANKS}, first_seen, last_seen, mapSort(traits) FROM profiles FINAL "
    "WHERE parent = '' ORDER BY ALL",
    "identities": "SELECT tenant, identifier, parent FROM identities FINAL ORDER BY ALL",
}
"""What a row restored from a state has in common with the lost one. Its offset is that of the state, and the totals of
an identifier with a parent are those of now."""
_OWNER: Final = [column.name for column in EVENTS].index("folded_into")
_NOTHING: Final = dict.fromkeys(TABLES, 0)
_FOUND_BY_OTHERS: Final = {"identity_children"}  # by rows of `identities`
Content = dict[str, list[tuple[Any, ...]]]


def read_content(site: Site, queries: Mapping[str, str] = _CONTENT) -> Content:
    """Return every table as its readers see it, with coordinates; or what other queries return."""
    return {table: site.rows(query) for table, query in queries.items()}


def differing(one: Content, other: Content) -> list[str]:
    """Return the names of the tables that differ."""
    return [table for table in one if one[table] != other[table]]


def drop_parts(site: Site, table: str, *, all_of_them: bool = True) -> None:
    """Delete the parts of a table, or the first half of them, as a person or a broken disk may."""
    parts = site.rows(
        "SELECT name FROM system.parts WHERE database = currentDatabase() AND active "
        f"AND table = '{table}' ORDER BY name"
    )
    for (part,) in parts if all_of_them else parts[: (1 + len(parts)) // 2]:
        site.client().command(f"ALTER TABLE {table} DROP PART '{part}'")


def delete_records(site: Site, topic: str) -> None:
    """Delete the first half of every partition, as retention does."""
    name = f"{site.prefix}{topic}"
    admin = KafkaAdminClient(bootstrap_servers=site.kafka)
    consumer = KafkaConsumer(bootstrap_servers=site.kafka)
    try:
        partitions = admin.describe_topics([name])[0]["partitions"]
        places = [TopicPartition(name, one["partition_index"]) for one in partitions]
        ends = consumer.end_offsets(places)
        admin.delete_records({place: ends[place] // 2 for place in places})
    finally:
        consumer.close()
        admin.close()


def make_stored(kafka: str, engine: Engine, crowd: Crowd, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(kafka, engine, tmp_path_factory.mktemp("rebuilt"))
    try:
        site.make_raw_topics()
        site.feed(crowd.records)
        site.start()
        site.wait_drained()
        assert site.audit().ok
        client = site.client()
        wait_for(lambda: read_stored_offsets(client).is_idle, "the last blocks to be noted as complete")
        yield site
    finally:
        site.close()


@pytest.fixture(scope="module")
def stored(kafka: str, engine: Engine, crowd: Crowd, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with a running worker that has stored everything."""
    yield from make_stored(kafka, engine, crowd, tmp_path_factory)


@pytest.fixture(scope="module")
def truncated(kafka: str, engine: Engine, crowd: Crowd, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Another such site, whose topics lose records to retention."""
    yield from make_stored(kafka, engine, crowd, tmp_path_factory)


def tables_with_missing_rows(site: Site) -> set[str]:
    """Return the tables in which the doctor finds missing rows."""
    return {one.table for one in compare_tables(site.settings, lambda: True).missing}


def rebuild_in_process(site: Site, tables: Sequence[str] = TABLES) -> Report:
    """Run a rebuild in this process."""
    return asyncio.run(rebuild(site.settings, RebuildOptions(tables), lambda what, done, of: None))


def count_unidentified(content: Content) -> int:
    """Return the number of touches without an identifier."""
    return sum(1 for row in content["events"] if row[_OWNER] == "")


def test_rebuild_of_complete_tables_changes_nothing(stored: Site) -> None:
    before = read_content(stored)
    counts = {table: stored.count(table) for table in _CONTENT}
    assert compare_tables(stored.settings, lambda: True).as_dict() == {"set_aside": [], "missing": []}
    assert stored.run_json("status")["damage"] == {"set_aside": [], "missing": []}
    report = stored.run_json("rebuild", "--yes")
    assert (report["rows"], report["beyond"]) == (_NOTHING, [])
    assert differing(read_content(stored), before) == []
    assert {table: stored.count(table) for table in _CONTENT} == counts


@pytest.mark.parametrize("lost", [{"events"}, _FOUND_BY_OTHERS, _CONTENT.keys() - _FOUND_BY_OTHERS - {"events"}])
def test_deleted_parts_of_tables_are_found_and_restored(stored: Site, lost: set[str]) -> None:
    before = read_content(stored)
    for table in lost:
        drop_parts(stored, table)
    assert set(differing(read_content(stored), before)) == lost
    assert tables_with_missing_rows(stored) >= lost
    report = rebuild_in_process(stored)
    assert {table for table, count in report.rows.items() if count} >= lost
    assert report.beyond == []
    assert differing(read_content(stored), before) == []
    assert tables_with_missing_rows(stored) == set()


def test_a_detached_part_is_found_and_deleted_after_its_rows_are_restored(stored: Site) -> None:
    before = read_content(stored)
    ((part,), *_) = stored.rows(
        "SELECT name FROM system.parts WHERE database = currentDatabase() AND active AND table = 'events'"
    )
    stored.client().command(f"ALTER TABLE events DETACH PART '{part}'")
    status = stored.run_json("status")
    assert status["damage"]["set_aside"] == [f"events/{part}"]
    assert any("run `touchline audit`" in line and "`touchline rebuild`" in line for line in status["trouble"])
    assert stored.run_json("rebuild", "--yes")["dropped_parts"] == [f"events/{part}"]
    assert differing(read_content(stored), before) == []
    assert stored.run_json("status")["damage"] == {"set_aside": [], "missing": []}


def test_half_of_every_table_is_restored_at_once(stored: Site) -> None:
    before = read_content(stored)
    for table in _CONTENT:
        drop_parts(stored, table, all_of_them=False)
    doctor = stored.run("doctor")
    assert doctor.returncode == 1
    assert "PROBLEM stored rows    Stored rows are missing" in doctor.stdout
    missing = stored.run_json("rebuild", "--dry-run")
    assert missing["rows"]["events"] > 0
    assert differing(read_content(stored), before) != []
    report = stored.run_json("rebuild", "--yes")
    assert report["rows"]["events"] == missing["rows"]["events"]
    assert differing(read_content(stored), before) == []
    assert stored.audit().ok


def test_only_the_named_tables_are_changed(stored: Site) -> None:
    before = read_content(stored)
    drop_parts(stored, "touches_by_hour")
    drop_parts(stored, "quarantine")
    rebuild_in_process(stored, ["quarantine"])
    assert differing(read_content(stored), before) == ["touches_by_hour"]
    stored.run_json("rebuild", "--yes", "--table", "touches_by_hour")
    assert differing(read_content(stored), before) == []


def test_since_after_the_missing_rows_restores_nothing_and_reports_it(stored: Site) -> None:
    before = read_content(stored)
    drop_parts(stored, "events")
    ((now,),) = stored.rows("SELECT formatDateTime(now(), '%Y-%m-%dT%H:%i:%SZ')")
    refused = stored.run("rebuild", "--yes", "--since", now)
    assert refused.returncode == 1
    assert f"Beyond --since: {len(before['events']) - count_unidentified(before):,} touches of " in refused.stderr
    assert "without --since" in refused.stderr
    assert stored.run_json("rebuild", "--yes", "--since", "2026-01-01T00:00:00Z")["rows"]["events"] == len(
        before["events"]
    )
    assert differing(read_content(stored), before) == []


def test_a_killed_rebuild_is_repeated_exactly_and_the_worker_continues(stored: Site, crowd: Crowd) -> None:
    before = read_content(stored)
    for table in ("events", "touches_by_minute", "profiles"):
        drop_parts(stored, table)
    command = [sys.executable, "-m", "touchline", "rebuild", "--yes"]
    killed = subprocess.Popen(command, env=stored.env(), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: stored.count("events"), "the first table to be restored")
    finally:
        os.kill(killed.pid, signal.SIGKILL)
        killed.wait()
    # These were sent before, so they add nothing; they show that the worker continues.
    stored.feed([record for record in crowd.records if b'"event_id"' in record.value][:100])
    stored.wait_drained()
    assert stored.run_json("rebuild", "--yes")["beyond"] == []
    after = read_content(stored)
    assert differing({**after, "quarantine": []}, {**before, "quarantine": []}) == []
    assert stored.audit().ok


def test_a_dropped_database_is_restored_and_the_worker_continues(stored: Site, crowd: Crowd) -> None:
    """The positions of the new database are behind the committed offsets, as after a restored backup."""
    before = read_content(stored)
    stored.client().command(f"DROP DATABASE {stored.name}")
    report = rebuild_in_process(stored)
    assert report.beyond == []
    assert differing(read_content(stored), before) == []
    assert rebuild_in_process(stored).rows == _NOTHING
    stored.feed(crowd.records[:200])
    stored.wait_drained()
    assert stored.audit().ok
    assert stored.count("events") >= len(before["events"])


def test_touches_before_timeline_begins_are_folded_once_more(truncated: Site) -> None:
    before, known = read_content(truncated), read_content(truncated, _FROM_STATES)
    delete_records(truncated, "timeline")
    for table in ("events", "touches_by_hour", "profiles", "identities", "session_pieces"):
        drop_parts(truncated, table)
    report = truncated.run_json("rebuild", "--yes")
    assert report["read"]["activity"] > 0
    assert report["beyond"] == []
    assert set(differing(read_content(truncated), before)) <= _FROM_STATES.keys()
    assert differing(read_content(truncated, _FROM_STATES), known) == []
    assert truncated.audit().ok


def test_rows_beyond_retention_are_reported_in_one_sentence(truncated: Site) -> None:
    before = read_content(truncated)
    delete_records(truncated, "timeline")
    delete_records(truncated, "activity")
    drop_parts(truncated, "events")
    done = truncated.run("rebuild", "--yes")
    (sentence,) = [line for line in done.stderr.splitlines() if line.strip()]
    assert done.returncode == 1
    after = read_content(truncated)
    lost = len(before["events"]) - len(after["events"])
    assert lost > 0
    assert sentence.startswith("Beyond reach: ")
    assert f"{lost - (count_unidentified(before) - count_unidentified(after)):,} touches of " in sentence
    assert "it begins at offset " in sentence
    assert differing(after, before) == ["events"]


def test_under_load_no_row_is_reported_missing_and_lost_rows_are_restored(
    site: Site, crowd: Crowd, baseline_tables: Tables
) -> None:
    """Check repeatedly under load; halfway, parts are deleted and restored."""
    half, lags = len(crowd.records) // 2, site.lags()
    site.feed(crowd.records[:half])
    worker = site.start(batch_records=50)
    wait_for(lambda: worker.metric("touchline_stored_rows_total", table="events") > 0, "some rows")
    client = site.client()
    while lags.waiting("store") != 0 or lags.waiting("engage") != 0:
        assert find_missing(client) == []
    drop_parts(site, "events", all_of_them=False)
    drop_parts(site, "touches_by_hour")
    site.feed(crowd.records[half:])
    report = rebuild_in_process(site)
    assert report.rows["events"] > 0
    assert report.beyond == []
    while lags.waiting("store") != 0 or lags.waiting("engage") != 0:
        assert find_missing(client) == []
    site.wait_drained()
    assert differences(site.tables(), baseline_tables) == ""
    assert site.audit().ok
