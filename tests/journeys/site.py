"""A Touchline of one's own on a shared Kafka and engine: topics, group, database, folder; workers and commands."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient, NewTopic
from prometheus_client.parser import text_string_to_metric_families

from dashboards.answers.audit import Audit, audit
from dashboards.answers.scope import Scope
from deploy.ports import LOOPBACK
from deploy.process import Child
from sinks.clickhouse.client import Client
from tests.journeys.crowd import CHANNELS, DAY_MS, RAW_PARTITIONS, Raw
from tests.journeys.engine import Engine
from tests.journeys.tables import Tables, read_tables
from tests.journeys.waiting import PATIENCE_S, wait_for
from touchline.errors import CliError
from touchline.ops.lag import LagReader, StageLag
from touchline.settings import PREFIX, Settings
from touchline.worker.stages import STAGES, group_of, topics_of

ROOT: Final = Path(__file__).parents[2]
HALF_LIFE_MS: Final = 7 * DAY_MS  # of the default rules
COMMAND_S: Final = PATIENCE_S
ANSWER_S: Final = 30.0
STOP_S: Final = 60.0
SAID_LINES: Final = 30


@dataclass(slots=True)
class Worker:
    """A running worker. It must not end unless `may_end` is set."""

    child: Child
    may_end: bool = False

    @property
    def port(self) -> int:
        """Of its pages."""
        line = self.child.wait_line(lambda text: text.startswith("worker: metrics at"), PATIENCE_S)
        return int(line.rpartition(":")[2].partition("/")[0])

    def page(self, name: str) -> tuple[int, str]:
        """Status and text of /live, /ready or /metrics; 0 while nobody answers."""
        try:
            with urllib.request.urlopen(f"http://{LOOPBACK}:{self.port}/{name}", timeout=ANSWER_S) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError as error:
            return 0, str(error)

    def metric(self, name: str, **labels: str) -> float:
        """The sum over all samples of that name with these labels, once the worker answers."""
        told = wait_for(self._metrics, f"{self.child.name} to answer")
        return sum(
            sample.value
            for family in text_string_to_metric_families(told)
            for sample in family.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        )

    def _metrics(self) -> str:
        """Its page; '' while nobody answers, which is no page."""
        status, text = self.page("metrics")
        assert status or self.child.alive(), self.child.describe_end()
        return text if status == 200 else ""

    def stop(self) -> None:
        """In order, which it manages."""
        self.may_end = True
        self.child.stop()
        assert self.child.exit_code == 0, self.child.describe_end()

    def kill(self) -> None:
        """As a crash would; returns when it is gone."""
        self.may_end = True
        os.kill(self.child.pid, signal.SIGKILL)
        self.child.wait(10)
        self.child.stop()

    def said(self) -> str:
        return self.child.log_path.read_text()


@dataclass
class Site:
    """`close` ends whatever still runs."""

    kafka: str
    engine: Engine
    folder: Path
    name: str = field(default_factory=lambda: f"j{uuid4().hex[:7]}")
    workers: list[Worker] = field(default_factory=list)
    _lags: dict[bool, "SiteLags"] = field(default_factory=dict)

    @property
    def prefix(self) -> str:
        """Of its topics."""
        return f"{self.name}-"

    @property
    def settings(self) -> Settings:
        """As its commands and workers read them."""
        return Settings(
            kafka=self.kafka,
            clickhouse=self.engine.url(self.name),
            data=self.folder,
            group=self.name,
            topic_prefix=self.prefix,
            raw_partitions=RAW_PARTITIONS,
            activity_partitions=4,
            phone_region="DE",
        )

    def env(self, **changed: object) -> dict[str, str]:
        """The environment of its processes, with settings changed or, if None, left out."""
        mine = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        told = self.settings.model_dump(mode="json", exclude_unset=True) | changed
        return mine | {f"{PREFIX}{name.upper()}": str(value) for name, value in told.items() if value is not None}

    def make_raw_topics(self) -> None:
        """As somebody who operates Kafka would, before the first worker makes the others."""
        topics = topics_of(self.settings)
        raw = [topic for topic in topics.all() if topic.name in map(topics.raw, CHANNELS)]
        admin = KafkaAdminClient(bootstrap_servers=self.kafka)
        try:
            admin.create_topics([NewTopic(one.name, one.partitions, 1, topic_configs=dict(one.config)) for one in raw])
        finally:
            admin.close()

    def feed(self, records: Iterable[Raw]) -> None:
        """As a producer in another language would: nothing but JSON."""
        producer = KafkaProducer(bootstrap_servers=self.kafka, acks="all", linger_ms=20)
        try:
            for one in records:
                producer.send(self.prefix + one.channel, one.value, one.key, partition=one.partition)
            producer.flush(PATIENCE_S)
        finally:
            producer.close()

    def start(self, name: str = "one", stages: Sequence[str] = STAGES, **changed: object) -> Worker:
        """Start a worker, which is a static member of its group under that name unless another `instance` is given."""
        env = self.env(**{"instance": name, **changed})
        argv = [sys.executable, "-m", "touchline", "worker", "--stages", ",".join(stages)]
        worker = Worker(Child(f"worker {name}", argv, self.folder / f"{name}.log", env=env, stop_s=STOP_S, cwd=ROOT))
        worker.child.start()
        self.workers.append(worker)
        return worker

    def run(self, *words: str, stdin: bytes | None = None, **changed: object) -> subprocess.CompletedProcess[str]:
        """Run a command of `touchline` to its end."""
        done = subprocess.run(
            [sys.executable, "-m", "touchline", *words],
            input=stdin, capture_output=True, env=self.env(**changed), cwd=ROOT, timeout=COMMAND_S, check=False,
        )  # fmt: skip
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    def ask(self, *words: str, stdin: bytes | None = None, **changed: object) -> Any:
        """What a command answers in JSON."""
        done = self.run(*words, "--json", stdin=stdin, **changed)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def lags(self, apart: bool = False) -> "SiteLags":
        """How far the workers are; `apart`: each stage is a group of its own."""
        if apart not in self._lags:
            groups = {stage: group_of(self.settings, [stage] if apart else STAGES) for stage in STAGES}
            self._lags[apart] = SiteLags(self, groups)
        return self._lags[apart]

    def wait_drained(self, apart: bool = False, patience_s: float = PATIENCE_S) -> None:
        """Until everything fed so far has arrived everywhere."""
        self.lags(apart).wait_drained(patience_s)

    def check_workers(self) -> None:
        """None may have ended by itself."""
        for worker in self.workers:
            assert worker.may_end or worker.child.alive(), worker.child.describe_end()

    def client(self) -> Client:
        return self.engine.client(self.name)

    def tables(self) -> Tables:
        """All that is stored."""
        return read_tables(self.client(), self.prefix)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Of a query."""
        found: list[tuple[Any, ...]] = self.client().query(query).result_rows
        return found

    def count(self, what: str) -> int:
        """`count(*) FROM` that."""
        return int(self.rows(f"SELECT count() FROM {what}")[0][0])

    def audit(self) -> Audit:
        """Everything recomputed from the events."""
        return audit(self.client(), Scope("main"), half_life_ms=HALF_LIFE_MS)

    def close(self) -> None:
        for lags in self._lags.values():
            lags.close()
        for worker in self.workers:
            worker.child.kill()


class SiteLags:
    """Looks at a site's lags again and again."""

    def __init__(self, site: Site, groups: dict[str, str]) -> None:
        self._site, self._groups = site, groups
        self._lags = LagReader(site.kafka, topics_of(site.settings))

    def close(self) -> None:
        self._lags.__exit__(None, None, None)

    def read(self) -> dict[str, StageLag]:
        """By stage; empty while Kafka cannot say, or a topic is not there yet."""
        self._site.check_workers()
        try:
            return self._lags.read(self._groups)
        except CliError:
            return {}

    def waiting(self, stage: str) -> int | None:
        """Records before a stage; None while nobody knows."""
        lag = self.read().get(stage)
        return None if lag is None else lag.waiting

    def wait_drained(self, patience_s: float = PATIENCE_S) -> None:
        """Until nothing waits anywhere."""

        def drained() -> bool:
            lags = self.read()
            return bool(lags) and not any(lag.waiting for lag in lags.values())

        wait_for(drained, f"all to arrive at {self._site.name}", patience_s, describe=self._describe)

    def _describe(self) -> str:
        """What waits where, and what the workers that run said last."""
        try:
            lags = str(self._lags.read(self._groups))
        except CliError as trouble:
            lags = str(trouble)
        running = (worker for worker in self._site.workers if worker.child.alive())
        said = (
            f"{one.child.name} answers {one.page('ready')}, {one.page('live')}; said last:\n"
            f"{one.child.last_lines(SAID_LINES)}"
            for one in running
        )
        return "\n".join(["", lags, *said])
