"""The scenario `collector`: a collector with a spool while it, Kafka and the disk of the spool have faults.

Clients send each batch again until it is acknowledged, so in the end ClickHouse must have each acknowledged touch once.
A worker starts when everything is over: faults of workers have their own rounds.
"""

import shutil
import time
from collections.abc import Callable
from contextlib import ExitStack
from random import Random
from typing import Final

from deploy.ports import free_port
from sources.collector.spool.segment import list_segments
from tests.chaos.disks import Disk
from tests.chaos.environment import Environment
from tests.chaos.report import Report, print_progress
from tests.disk_filler import filled
from tests.journeys.collector_process import CollectorProcess, create_write_key
from tests.journeys.http_clients import Clients
from tests.journeys.site import Site
from tests.journeys.waiting import wait_for

NAME: Final = "collector"
FAULTS: Final = 14
TERMINATED: Final = -15
ACKNOWLEDGED: Final = 40  # touches during an outage, before it ends


class CollectorRun:
    """The collector, its clients and what befalls them."""

    def __init__(self, environment: Environment, seed: int, stack: ExitStack) -> None:
        self.environment = environment
        self.chance = Random(f"collector/{seed}")
        folder = environment.folder / NAME
        folder.mkdir(exist_ok=True)
        self.disk = Disk(folder / "spool-disk", stack)
        self.spool = self.disk.folder / "spool"
        self.site = Site(environment.kafka.bootstrap, environment.engine, folder)
        stack.callback(self.site.close)
        self.site.make_raw_topics()
        self.port = free_port()
        self.starts = 0
        self.clients = Clients(self.port, create_write_key(self.site))
        self.collector = self.start_collector()
        stack.callback(lambda: self.collector.kill())

    def start_collector(self) -> CollectorProcess:
        """Start the collector, which reaches Kafka through the proxy."""
        self.starts += 1
        options = ["--spool", str(self.spool)]
        name = f"collector{self.starts}"
        return CollectorProcess(self.site, name, port=self.port, options=options, kafka=self.environment.proxied_kafka)

    def kill_collector(self) -> bool:
        """Kill the collector with SIGKILL, at once or soon."""
        time.sleep(self.chance.choice((0.0, 0.5, 1.5)))
        self.collector.kill()
        self.collector = self.start_collector()
        return True

    def stop_collector(self) -> bool:
        """Stop the collector with SIGTERM; requests in flight have to be answered."""
        self.collector.stop()
        assert self.collector.child.exit_code == TERMINATED, self.collector.child.describe_end()
        self.collector = self.start_collector()
        return True

    def kill_kafka(self) -> bool:
        """Kill Kafka, sometimes also the collector before or after it returns."""
        self.environment.kafka.kill()
        self.clients.wait_for_more(ACKNOWLEDGED)
        if self.chance.random() < 0.5:
            self.kill_collector()
            self.clients.wait_for_more(ACKNOWLEDGED)
        self.environment.kafka.start()
        if self.chance.random() < 0.5:
            self.kill_collector()
        return True

    def stall_kafka(self) -> bool:
        """Hold back all traffic between the collector and Kafka, then deliver it."""
        wait_for(lambda: not list_segments(self.spool), "the collector to reach Kafka")
        self.environment.kafka_proxy.stall(True)
        try:
            self.clients.wait_for_more(ACKNOWLEDGED)
        finally:
            self.environment.kafka_proxy.stall(False)
        return True

    def fill_spool_disk(self) -> bool:
        """Fill the disk of the spool while Kafka is away: requests are refused until there is room."""
        if self.disk.small is None:
            return False
        self.environment.kafka.kill()
        self.clients.wait_for_more(ACKNOWLEDGED)
        with filled(self.disk.small):
            refused = self.clients.refused
            wait_for(lambda: self.clients.refused > refused, "requests to be refused")
        self.clients.wait_for_more(ACKNOWLEDGED)
        self.environment.kafka.start()
        return True

    def inject(self, report: Report) -> None:
        """Inject the faults in a random order, each kind at least twice."""
        kinds: list[Callable[[], bool]] = [
            self.kill_collector, self.stop_collector, self.kill_kafka, self.stall_kafka, self.fill_spool_disk
        ]  # fmt: skip
        deck = (kinds * FAULTS)[:FAULTS]
        self.chance.shuffle(deck)
        for fault in deck:
            print_progress(f"  {fault.__name__}")
            (report.kinds if fault() else report.missed)[fault.__name__] += 1
            self.clients.wait_for_more(ACKNOWLEDGED)

    def compare(self, report: Report) -> None:
        """Drain the spool, let a worker store everything, and add what is lost or double to the report."""
        self.clients.stop()
        wait_for(lambda: not list_segments(self.spool), "the spool to be drained")
        self.site.start()
        self.site.wait_drained()
        stored = [str(event_id) for (event_id,) in self.site.rows("SELECT event_id FROM events")]
        report.touches += len(self.clients.acknowledged)
        report.wrongs["lost"] += len(self.clients.acknowledged - set(stored))
        report.wrongs["double"] += len(stored) - len(set(stored))
        report.wrongs["not_acknowledged"] += len(set(stored) - self.clients.acknowledged)
        report.wrongs["damaged_segments"] += len(list(self.spool.glob("*.damaged")))
        if not (audited := self.site.audit()).ok:
            report.troubles.append(f"the audit fails: {audited}")


def run_collector(environment: Environment, seed: int, report: Report) -> None:
    """Run the scenario and add its result to the report."""
    print_progress(f"{NAME}: seed {seed}")
    with ExitStack() as stack:
        run = CollectorRun(environment, seed, stack)
        wait_for(run.collector.ready, "the collector to be ready")
        run.clients.start()
        stack.callback(run.clients.stopping.set)
        run.inject(report)
        run.compare(report)
        report.rounds += 1
        for log in run.spool.glob("*.damaged"):
            shutil.copy(log, environment.folder)
