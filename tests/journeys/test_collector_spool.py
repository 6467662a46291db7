"""The collector with a spool while Kafka and the collector itself are killed: each touch counts once in ClickHouse."""

import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from deploy.kafka_node import KafkaNode
from deploy.ports import free_port
from sources.collector.spool.segment import list_segments
from tests.journeys.collector_process import CollectorProcess, create_write_key, spool_folder
from tests.journeys.engine import Engine
from tests.journeys.site import Site
from tests.journeys.waiting import PATIENCE_S, wait_for

CLIENTS = 4


@dataclass
class Clients:
    """Clients that send touches in small batches, each batch again until it is answered with 200, as SDKs do."""

    port: int
    key: str
    acknowledged: set[str] = field(default_factory=set)
    stopping: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        self._threads = [threading.Thread(target=self._work, args=(n,), daemon=True) for n in range(CLIENTS)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let each client finish its batch."""
        self.stopping.set()
        for thread in self._threads:
            thread.join(180)
            assert not thread.is_alive()

    def wait_for_more(self, count: int) -> None:
        """Wait until so many more touches are acknowledged."""
        wanted = len(self.acknowledged) + count
        wait_for(lambda: len(self.acknowledged) >= wanted, f"{count} more touches to be acknowledged")

    def _work(self, client: int) -> None:
        chance, number = random.Random(client), 0
        address = f"http://127.0.0.1:{self.port}"
        while not self.stopping.is_set():
            batch: list[dict[str, object]] = [
                {
                    "type": "page",
                    "event_id": f"c{client}-{number + n}",
                    "occurred_at": int(time.time() * 1000),
                    "anonymous_id": f"v{chance.randrange(20)}",
                    "url": "https://shop.example/p",
                }
                for n in range(chance.randrange(1, 6))
            ]
            number += len(batch)
            while CollectorProcess.post(address, self.key, "visits", batch) != 200:
                self.stopping.wait(0.05)
            with self._lock:
                self.acknowledged |= {str(touch["event_id"]) for touch in batch}


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
