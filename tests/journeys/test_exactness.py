"""Whatever the workers go through, the tables say the same as if nothing had happened."""

from collections import Counter

import pytest

from tests.journeys.conftest import NewSite
from tests.journeys.crowd import Crowd
from tests.journeys.site import Site
from tests.journeys.tables import Tables, differences
from tests.journeys.waiting import wait_for

BATCHES = "touchline_batch_records_count"
STORED = "touchline_stored_rows_total"


def check_same(site: Site, undisturbed: Tables) -> None:
    """All tables, and an audit of their own."""
    assert differences(site.tables(), undisturbed) == ""
    audited = site.audit()
    assert audited.ok, audited


@pytest.mark.smoke
def test_undisturbed_run_is_what_was_sent(undisturbed: Tables, crowd: Crowd) -> None:
    assert len(undisturbed["events"]) == crowd.touches.total()
    assert Counter(row["reason"] for row in undisturbed["quarantine"]) == crowd.refused
    found = {row["identifier"].partition(":")[2]: row["touches"] for row in undisturbed["profiles"]}
    assert found == {who: count for who, count in crowd.touches.items() if who}


def test_worker_killed_again_and_again(site: Site, crowd: Crowd, undisturbed: Tables) -> None:
    """Each is killed once it has done something itself: what those before it have done says nothing of it."""
    taken_in, counted = (BATCHES, {"stage": "intake"}), (BATCHES, {"stage": "engage"})
    moments = (taken_in, counted, (STORED, {"table": "events"}), counted)
    share = len(crowd.records) // len(moments)
    for number, (name, labels) in enumerate(moments):
        site.feed(crowd.records[number * share : (number + 1) * share])
        worker = site.start(batch_records=40)
        wait_for(lambda: worker.metric(name, **labels) > 0, f"worker {number} to be in the middle of it")  # noqa: B023
        worker.kill()
    site.feed(crowd.records[len(moments) * share :])
    site.start()
    site.wait_drained()
    check_same(site, undisturbed)


def test_two_workers_share_and_one_leaves(new_site: NewSite, crowd: Crowd, undisturbed: Tables) -> None:
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
        wait_for(lambda: worker.metric(BATCHES, stage="engage") > before, "both to take part")  # noqa: B023
    one.stop()
    lags.wait_drained()
    assert two.child.alive()
    check_same(site, undisturbed)


def test_stages_as_groups_of_their_own(new_site: NewSite, crowd: Crowd, undisturbed: Tables) -> None:
    site = new_site()
    site.feed(crowd.records)
    for stage in ("intake", "engage", "store"):
        site.start(stage, [stage])
    site.wait_drained(apart=True)
    check_same(site, undisturbed)
