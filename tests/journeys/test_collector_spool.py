"""The collector with a spool while Kafka and the collector itself are killed: each touch counts once in ClickHouse."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.kafka_node import KafkaNode
from deploy.ports import free_port
from sources.collector.spool.segment import list_segments
from tests.journeys.collector_process import CollectorProcess, create_write_key, spool_folder
from tests.journeys.engine import Engine
from tests.journeys.http_clients import Clients
from tests.journeys.site import Site
from tests.journeys.waiting import PATIENCE_S, wait_for


@pytest.fixture
def node(tmp_path: Path, jars: Path) -> Iterator[KafkaNode]:
    """A Kafka of its own, which the test kills."""
    with KafkaNode(tmp_path / "kafka", jars) as node:
        node.port = int(node.bootstrap.rpartition(":")[2])  # the restarted node keeps its port
        yield node


def test_what_was_acknowledged_counts_once_whatever_is_killed(node: KafkaNode, engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    site = Site(node.bootstrap, engine, tmp_path / "site")
    site.make_raw_topics()
    key = create_write_key(site)
    chance, port = random.Random(11), free_port()
    collector = CollectorProcess(site, port=port, options=["--spool"])
    clients = Clients(port, key)
    try:
        wait_for(collector.ready, "the collector to be ready")
        clients.start()
        clients.wait_for_more(50)
        assert not list_segments(spool_folder(site))
        node.kill()
        for run in range(3):  # away: the collector is killed while it appends
            clients.wait_for_more(chance.randrange(20, 60))
            collector.kill()
            collector = CollectorProcess(site, f"away{run}", port=port, options=["--spool"])
        clients.wait_for_more(50)
        assert list_segments(spool_folder(site))
        node.start()
        for run in range(2):  # back: the collector is killed while it drains
            collector.child.wait_line(lambda line: line.endswith("requests are accepted"), PATIENCE_S)
            collector.kill()
            collector = CollectorProcess(site, f"back{run}", port=port, options=["--spool"])
        clients.wait_for_more(50)
        clients.stop()
        wait_for(lambda: not list_segments(spool_folder(site)), "the spool to be drained")
        assert "touchline_collector_spool_stored_bytes 0.0" in collector.metrics()
        site.start()
        site.wait_drained()
        stored = {event_id for (event_id,) in site.rows("SELECT event_id FROM events")}
        assert stored == clients.acknowledged
        assert site.count("events") == len(stored)
        assert site.audit().ok
    finally:
        clients.stopping.set()
        collector.kill()
        site.close()
