"""State on disk and warm standbys: the tables stay the same when workers die or leave."""

from pathlib import Path

from tests.journeys.conftest import NewSite
from tests.journeys.crowd import Crowd
from tests.journeys.site import Site, Worker
from tests.journeys.tables import Tables
from tests.journeys.test_exactness import check_same
from tests.journeys.waiting import wait_for


def start(site: Site, name: str, folder: Path) -> Worker:
    return site.start(
        name, instance="", batch_records=40, session_s=12, standbys=1, state="rocksdb", state_dir=folder / name
    )


def is_warm(worker: Worker, partitions: int) -> bool:
    """Return whether a worker is ready and has this number of standbys, of two tables, with little lag."""
    lags = [line for line in worker.page("metrics")[1].splitlines() if line.startswith("touchline_standby_behind{")]
    ready = worker.page("ready")[0] == 200
    return ready and len(lags) == 2 * partitions and all(float(line.split()[-1]) < 100 for line in lags)


def test_state_on_disk_with_standbys_survives_kills_leaves_and_restarts(
    new_site: NewSite, crowd: Crowd, baseline_tables: Tables, tmp_path: Path
) -> None:
    site = new_site()
    half, last = len(crowd.records) // 2, 3 * len(crowd.records) // 4
    one, two = [start(site, name, tmp_path) for name in ("one", "two")]
    site.feed(crowd.records[:half])
    for worker in (one, two):
        wait_for(lambda: is_warm(worker, 2), "both to be warm")  # noqa: B023
    one.kill()
    site.feed(crowd.records[half:last])
    site.wait_drained()  # by worker two alone, which has taken over
    three = start(site, "one", tmp_path)
    wait_for(lambda: is_warm(three, 2), "the worker to be warm again")
    site.feed(crowd.records[last:])
    two.stop()
    site.wait_drained()
    check_same(site, baseline_tables)
    assert "it is restored" not in three.output(), "the worker used the state on its disk"
