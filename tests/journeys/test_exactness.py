"""Whatever the workers go through, the tables say the same as if nothing had happened."""

from collections import Counter

from tests.journeys.conftest import NewSite
from tests.journeys.crowd import Crowd
from tests.journeys.site import Site
from tests.journeys.tables import Tables, differences
from tests.journeys.waiting import wait_for

BATCHES = "touchline_batch_records_count"


def check_same(site: Site, undisturbed: Tables) -> None:
    """All tables, and an audit of their own."""
    assert differences(site.tables(), undisturbed) == ""
    audited = site.audit()
    assert audited.ok, audited


def test_undisturbed_run_is_what_was_sent(undisturbed: Tables, crowd: Crowd) -> None:
    assert len(undisturbed["events"]) == crowd.touches.total()
    assert Counter(row["reason"] for row in undisturbed["quarantine"]) == crowd.refused
    found = {row["identifier"].partition(":")[2]: row["touches"] for row in undisturbed["profiles"]}
    assert found == {who: count for who, count in crowd.touches.items() if who}


def test_worker_killed_again_and_again(site: Site, crowd: Crowd, undisturbed: Tables) -> None:
    site.feed(crowd.records)
    lags = site.lags()
    for stage, share in (("intake", 0.1), ("engage", 0.4), ("store", 0), ("engage", 0.9)):
        worker = site.start(batch_records=40)
        lags.wait_done(stage, max(30, int(share * len(crowd.records))))
        worker.kill()
    site.start()
    lags.wait_drained()
    check_same(site, undisturbed)


def test_two_workers_share_and_one_leaves(new_site: NewSite, crowd: Crowd, undisturbed: Tables) -> None:
    site = new_site()
    half = len(crowd.records) // 2
    site.feed(crowd.records[:half])
    one, two = [site.start(name, instance="", batch_records=40) for name in ("one", "two")]
    lags = site.lags()
    for worker in (one, two):
        wait_for(lambda: worker.page("ready")[0] == 200, "both to be ready")  # noqa: B023
    site.feed(crowd.records[half:])
    for worker in (one, two):
        wait_for(lambda: worker.metric(BATCHES, stage="engage") > 0, "both to have taken part")  # noqa: B023
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
