"""Where benchmarks run: a Kafka and an engine of their own in a temporary folder, and sites on them."""

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

SESSION_S: Final = 30  # workers are paused while topics are filled, and stay in the group
READY_S: Final = 900.0  # also with millions of profiles to restore
_BEGAN_S: Final = time.monotonic()


@dataclass(frozen=True, slots=True)
class Cut:
    """Partitions of the topics: by default what the settings' defaults are."""

    raw: int = 4
    activity: int = 8
    timeline: int = 4


@dataclass
class BenchSite(Site):
    """A site with settings as in production."""

    cut: Cut = field(default_factory=Cut)
    state: str = "memory"

    @property
    def settings(self) -> Settings:
        changed = {
            "raw_partitions": self.cut.raw,
            "activity_partitions": self.cut.activity,
            "timeline_partitions": self.cut.timeline,
            "session_s": SESSION_S,
        }
        return super().settings.model_copy(update=changed)

    def start_ready(self, name: str = "one", stages: tuple[str, ...] = ("intake", "engage", "store")) -> Worker:
        """A worker that takes records."""
        worker = self.start(name, stages, **self.state_env())
        self.wait_ready(worker)
        return worker

    def wait_ready(self, worker: Worker) -> float:
        """The monotonic time, in seconds, at which it takes records."""

        def ready() -> float:
            self.check_workers()
            return time.monotonic() if worker.page("ready")[0] == 200 else 0.0

        return wait_for(ready, "the worker to be ready", READY_S)

    def state_env(self) -> dict[str, str]:
        """Where its workers keep their tables."""
        return {} if self.state == "memory" else {"state": self.state}


@dataclass
class Ground:
    """Sites share Kafka and engine, one after the other."""

    node: KafkaNode
    engine: Engine
    folder: Path

    @contextmanager
    def site(self, cut: Cut | None = None, state: str = "memory") -> Iterator[BenchSite]:
        """A site with its raw topics made; afterwards nothing of it runs, and Kafka and engine are rid of it."""
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        site = BenchSite(self.node.bootstrap, self.engine, folder, cut=cut or Cut(), state=state)
        try:
            site.make_raw_topics()
            yield site
        finally:
            site.close()
            self._forget(site)

    def _forget(self, site: BenchSite) -> None:
        """What is left of it would go on being merged and compacted."""
        self.engine.server().command(f"DROP DATABASE IF EXISTS `{site.name}` SYNC")
        admin = KafkaAdminClient(bootstrap_servers=self.node.bootstrap)
        try:
            if names := [name for name in admin.list_topics() if name.startswith(site.prefix)]:
                admin.delete_topics(names)
        finally:
            admin.close()


@contextmanager
def ground() -> Iterator[Ground]:
    """Kafka and engine run, and do not afterwards, however it ends."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # topics just made have no leader yet: it tries again
    with ExitStack() as close:
        folder = Path(close.enter_context(tempfile.TemporaryDirectory(prefix="touchline-bench-")))
        tell("starting Kafka and the engine")
        node = close.enter_context(KafkaNode(folder / "kafka", ensure_jars(JARS_CACHE, tell)))
        (folder / "engine").mkdir()
        engine = Engine(folder / "engine")
        close.callback(engine.stop)
        engine.start()
        yield Ground(node, engine, folder)


def tell(what: object) -> None:
    """Progress, with the seconds since the start."""
    print(f"bench {time.monotonic() - _BEGAN_S:6.0f} s  {what}", file=sys.stderr, flush=True)
