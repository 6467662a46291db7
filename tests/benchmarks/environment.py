"""The environment of the benchmarks: their own Kafka and engine in a temporary folder, and sites on them."""

import logging
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kafka import KafkaAdminClient

from deploy.jars import ensure_jars
from deploy.kafka_node import KafkaNode
from tests.conftest import JARS_CACHE
from tests.journeys.engine import Engine
from tests.journeys.site import Site, Worker
from tests.journeys.waiting import wait_for
from touchline.settings import Settings

SESSION_S: Final = 30  # long, so that workers paused while topics are filled stay in the group
READY_S: Final = 900.0  # long enough to restore millions of profiles
_BEGAN_S: Final = time.monotonic()


@dataclass(frozen=True, slots=True)
class PartitionCounts:
    """Partition counts of the topics; the defaults are those of `touchline up`."""

    raw: int = 4
    activity: int = 8
    timeline: int = 1


@dataclass
class BenchSite(Site):
    """A site with settings as in production."""

    partition_counts: PartitionCounts = field(default_factory=PartitionCounts)
    state: str = "memory"

    @property
    def settings(self) -> Settings:
        changed = {
            "raw_partitions": self.partition_counts.raw,
            "activity_partitions": self.partition_counts.activity,
            "timeline_partitions": self.partition_counts.timeline,
            "session_s": SESSION_S,
        }
        return super().settings.model_copy(update=changed)

    def start_ready(self, name: str = "one", stages: tuple[str, ...] = ("intake", "engage", "store")) -> Worker:
        """Start a worker and return it when it is ready."""
        worker = self.start(name, stages, **self.state_env())
        self.wait_ready(worker)
        return worker

    def wait_ready(self, worker: Worker) -> float:
        """Return the monotonic time in seconds at which the worker is ready."""

        def ready() -> float:
            self.check_workers()
            return time.monotonic() if worker.page("ready")[0] == 200 else 0.0

        return wait_for(ready, "the worker to be ready", READY_S)

    def state_env(self) -> dict[str, str]:
        """Return the changed settings for the state backend."""
        return {} if self.state == "memory" else {"state": self.state}


@dataclass
class Environment:
    """A Kafka and an engine, shared by one site after another."""

    node: KafkaNode
    engine: Engine
    folder: Path

    @contextmanager
    def site(self, partition_counts: PartitionCounts | None = None, state: str = "memory") -> Iterator[BenchSite]:
        """Yield a site with its raw topics; afterwards stop its processes and delete its topics and database."""
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        site = BenchSite(
            self.node.bootstrap,
            self.engine,
            folder,
            partition_counts=partition_counts or PartitionCounts(),
            state=state,
        )
        try:
            site.make_raw_topics()
            yield site
        finally:
            site.close()
            self._delete_data(site)

    def _delete_data(self, site: BenchSite) -> None:
        """Delete the site's data, which would otherwise still be merged and compacted."""
        self.engine.server().command(f"DROP DATABASE IF EXISTS `{site.name}` SYNC")
        admin = KafkaAdminClient(bootstrap_servers=self.node.bootstrap)
        try:
            if names := [name for name in admin.list_topics() if name.startswith(site.prefix)]:
                admin.delete_topics(names)
        finally:
            admin.close()


@contextmanager
def run_environment() -> Iterator[Environment]:
    """Start Kafka and an engine; stop them afterwards in every case."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # it warns and retries while new topics have no leader yet
    with ExitStack() as close:
        folder = Path(close.enter_context(tempfile.TemporaryDirectory(prefix="touchline-bench-")))
        print_progress("starting Kafka and the engine")
        node = close.enter_context(KafkaNode(folder / "kafka", ensure_jars(JARS_CACHE, print_progress)))
        (folder / "engine").mkdir()
        engine = Engine(folder / "engine")
        close.callback(engine.stop)
        engine.start()
        yield Environment(node, engine, folder)


def print_progress(what: object) -> None:
    """Print a progress line with the seconds since the start."""
    print(f"bench {time.monotonic() - _BEGAN_S:6.0f} s  {what}", file=sys.stderr, flush=True)
