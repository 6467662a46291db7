"""Outages of ClickHouse: the other stages continue, and everything is stored in the end."""

from typing import Any

from kafka import KafkaConsumer
from kafka.structs import TopicPartition

from tests.journeys.conftest import NewSite
from tests.journeys.crowd import Crowd
from tests.journeys.engine import Engine
from tests.journeys.site import Site, SiteLags, Worker
from tests.journeys.tables import Tables, differences
from tests.journeys.waiting import wait_for


def count_profiles(site: Site) -> int:
    """Return the number of records ever written to the topic `profiles`."""
    consumer = KafkaConsumer(bootstrap_servers=site.kafka)
    try:
        topic = f"{site.prefix}profiles"
        places = [TopicPartition(topic, partition) for partition in consumer.partitions_for_topic(topic) or ()]
        return sum(consumer.end_offsets(places).values())
    finally:
        consumer.close()


def wait_caught_up(lags: SiteLags) -> None:
    """Wait until intake, and then engage, has processed everything fed; before intake, engage has no backlog either."""
    wait_for(lambda: lags.waiting("intake") == 0 and lags.waiting("engage") == 0, "intake and engage to catch up")


def check_continues_without_clickhouse(site: Site, worker: Worker, lags: SiteLags, profiles: int) -> None:
    """Assert that intake and engage catch up, and that the backlog is reported without calling the worker stuck."""
    wait_caught_up(lags)
    assert count_profiles(site) > profiles
    assert (lags.waiting("store") or 0) > 0
    wait_for(lambda: worker.metric("touchline_store_trouble") == 1, "the metrics to report it")
    assert worker.metric("touchline_lag", topic=f"{site.prefix}timeline") > 0
    assert worker.page("live")[0] == 200
    assert worker.page("ready")[0] == 200
    status: dict[str, Any] = site.run_json("status", metrics_port=worker.port)
    assert status["stages"]["store"]["lag"] > 0
    assert status["stages"]["engage"]["lag"] == 0
    assert status["worker"]["store_in_trouble"] is True
    assert any("cannot be reached" in line for line in status["trouble"])


def test_touches_are_stored_after_an_outage_of_clickhouse(
    site: Site, engine: Engine, crowd: Crowd, baseline_tables: Tables
) -> None:
    third = len(crowd.records) // 3
    worker = site.start(batch_records=100)
    lags = site.lags()
    site.feed(crowd.records[:third])
    wait_for(lambda: worker.metric("touchline_stored_rows_total", table="events") > 0, "some rows")
    site.feed(crowd.records[third : 2 * third])
    engine.kill()
    profiles = count_profiles(site)
    try:
        site.feed(crowd.records[2 * third :])
        check_continues_without_clickhouse(site, worker, lags, profiles)
    finally:
        engine.start()
    lags.wait_drained()
    assert worker.metric("touchline_store_trouble") == 0
    assert worker.child.alive()
    assert differences(site.tables(), baseline_tables) == ""
    assert site.audit().ok


def test_touches_are_stored_after_a_start_without_clickhouse(
    new_site: NewSite, engine: Engine, crowd: Crowd, baseline_tables: Tables
) -> None:
    """Two workers run in turn, each with new touches to process."""
    site = new_site()
    half = len(crowd.records) // 2
    engine.kill()
    try:
        for number, records in enumerate((crowd.records[:half], crowd.records[half:]), 1):
            site.feed(records)
            worker = site.start()
            wait_caught_up(site.lags())
            assert site.lags().waiting("store")
            assert worker.output().count("rows wait on the topic timeline") == number
            if number == 1:
                worker.kill()
    finally:
        engine.start()
    site.wait_drained()
    assert differences(site.tables(), baseline_tables) == ""
