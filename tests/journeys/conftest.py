"""One Kafka and one engine for all journeys, and a new site for each."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.journeys.crowd import Crowd, make_crowd
from tests.journeys.engine import Engine
from tests.journeys.site import Site
from tests.journeys.tables import Tables
from tests.journeys.waiting import wait_for

NewSite = Callable[[], Site]


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The shared engine. A test that kills it must restart it."""
    engine = Engine(tmp_path_factory.mktemp("engine"))
    try:
        engine.start()
        yield engine
    finally:
        engine.stop()


@pytest.fixture
def new_site(kafka: str, engine: Engine, tmp_path: Path) -> Iterator[NewSite]:
    """A factory of sites, whose processes are stopped after the test."""
    made: list[Site] = []

    def make() -> Site:
        folder = tmp_path / f"site{len(made)}"
        folder.mkdir()
        made.append(Site(kafka, engine, folder))
        made[-1].make_raw_topics()
        return made[-1]

    yield make
    for site in made:
        site.close()


@pytest.fixture
def site(new_site: NewSite) -> Site:
    return new_site()


@pytest.fixture(scope="session")
def crowd() -> Crowd:
    """The crowd of every journey that is compared with `baseline_tables`."""
    return make_crowd(seed=3, people=60, touches=2500, now_ms=time.time_ns() // 1_000_000)


@pytest.fixture(scope="session")
def baseline_tables(kafka: str, engine: Engine, crowd: Crowd, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """The tables after a run of the crowd without faults."""
    site = Site(kafka, engine, tmp_path_factory.mktemp("baseline"))
    try:
        site.make_raw_topics()
        site.feed(crowd.records)
        site.start()
        site.wait_drained()
        audited = site.audit()
        assert audited.ok, audited
        return site.tables()
    finally:
        site.close()


@pytest.fixture(scope="session")
def running_site(kafka: str, engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with a running worker, for journeys that only need their own identifiers."""
    site = Site(kafka, engine, tmp_path_factory.mktemp("running_site"))
    try:
        site.make_raw_topics()
        worker = site.start()
        wait_for(lambda: worker.page("ready")[0] == 200, "the worker to be ready")
        yield site
    finally:
        site.close()
