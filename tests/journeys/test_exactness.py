"""After kills, joins and leaves of workers, the tables equal those of a run without faults."""

from collections import Counter

import pytest

from tests.journeys.conftest import NewSite
from tests.journeys.crowd import Crowd
from tests.journeys.site import Site
from tests.journeys.tables import Tables, differences
from tests.journeys.waiting import wait_for

BATCHES = "touchline_batch_records_count"
STORED = "touchline_stored_rows_total"


def check_same(site: Site, baseline_tables: Tables) -> None:
    """Assert that all tables equal the baseline and that the audit passes."""
    assert differences(site.tables(), baseline_tables) == ""
    audited = site.audit()
    assert audited.ok, audited


@pytest.mark.smoke
def test_run_without_faults_stores_what_was_sent(baseline_tables: Tables, crowd: Crowd) -> None:
    assert len(baseline_tables["events"]) == crowd.touches.total()
    assert Counter(row["reason"] for row in baseline_tables["quarantine"]) == crowd.refused
    found = {row["identifier"].partition(":")[2]: row["touches"] for row in baseline_tables["profiles"]}
    assert found == {who: count for who, count in crowd.touches.items() if who}
    assert {row["page_id"]: row["engaged_ms"] for row in baseline_tables["page_times"]} == crowd.engaged
    views = {row["page_id"]: row["engaged_ms"] for row in baseline_tables["page_views"] if row["page_id"]}
    assert views == {page_id: engaged_ms or None for page_id, engaged_ms in crowd.engaged.items()}


def test_repeated_kills_of_workers_change_no_table(site: Site, crowd: Crowd, baseline_tables: Tables) -> None:
    """Kill each worker only after it has processed something itself."""
    taken_in, counted = (BATCHES, {"stage": "intake"}), (BATCHES, {"stage": "engage"})
    moments = (taken_in, counted, (STORED, {"table": "events"}), counted)
    share = len(crowd.records) // len(moments)
    for number, (name, labels) in enumerate(moments):
        site.feed(crowd.records[number * share : (number + 1) * share])
        worker = site.start(batch_records=40)
        wait_for(lambda: worker.metric(name, **labels) > 0, f"worker {number} to have processed something")  # noqa: B023
        worker.kill()
    site.feed(crowd.records[len(moments) * share :])
    site.start()
    site.wait_drained()
    check_same(site, baseline_tables)


def test_two_workers_of_which_one_leaves_change_no_table(
    new_site: NewSite, crowd: Crowd, baseline_tables: Tables
) -> None:
    site = new_site()
    half = len(crowd.records) // 2
    site.feed(crowd.records[:half])
    one, two = [site.start(name, instance="", batch_records=40) for name in ("one", "two")]
    lags = site.lags()
    for worker in (one, two):
        wait_for(lambda: worker.page("ready")[0] == 200, "both to be ready")  # noqa: B023
    so_far = one.metric(BATCHES, stage="engage"), two.metric(BATCHES, stage="engage")
    site.feed(crowd.records[half:])
    for worker, before in zip((one, two), so_far, strict=True):
        wait_for(lambda: worker.metric(BATCHES, stage="engage") > before, "both to process records")  # noqa: B023
    one.stop()
    lags.wait_drained()
    assert two.child.alive()
    check_same(site, baseline_tables)


def test_stages_as_separate_groups_change_no_table(new_site: NewSite, crowd: Crowd, baseline_tables: Tables) -> None:
    site = new_site()
    site.feed(crowd.records)
    for stage in ("intake", "engage", "store"):
        site.start(stage, [stage])
    site.wait_drained(separate_groups=True)
    check_same(site, baseline_tables)
