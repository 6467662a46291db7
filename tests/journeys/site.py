"""A separate Touchline on a shared Kafka and engine: topics, group, database, folder; workers and commands."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from clickhouse_connect.driver.exceptions import ClickHouseError
from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient, NewTopic
from prometheus_client.parser import text_string_to_metric_families

from dashboards.answers.audit import Audit, audit
from dashboards.answers.scope import Scope
from deploy.ports import LOOPBACK
from deploy.process import Child
from sinks.clickhouse.client import Client, StoreUnavailableError
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
OUTPUT_LINES: Final = 30


@dataclass(slots=True)
class Worker:
    """A running worker. It must not end unless `may_end` is set."""

    child: Child
    may_end: bool = False

    @property
    def port(self) -> int:
        """The port of its metrics pages."""
        line = self.child.wait_line(lambda text: text.startswith("worker: metrics at"), PATIENCE_S)
        return int(line.rpartition(":")[2].partition("/")[0])

    def page(self, name: str) -> tuple[int, str]:
        """Return status and text of /live, /ready or /metrics; status 0 means no answer."""
        try:
            with urllib.request.urlopen(f"http://{LOOPBACK}:{self.port}/{name}", timeout=ANSWER_S) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError as error:
            return 0, str(error)

    def metric(self, name: str, **labels: str) -> float:
        """Wait for the metrics page; return the sum over all samples with this name and these labels."""
        text = wait_for(self._metrics, f"{self.child.name} to answer")
        return sum(
            sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        )

    def _metrics(self) -> str:
        """Return the metrics page; '' means no answer."""
        status, text = self.page("metrics")
        assert status or self.child.alive(), self.child.describe_end()
        return text if status == 200 else ""

    def stop(self) -> None:
        """Stop the worker in order; its exit code must be 0."""
        self.may_end = True
        self.child.stop()
        assert self.child.exit_code == 0, self.child.describe_end()

    def kill(self) -> None:
        """Kill the worker with SIGKILL; return when it has ended."""
        self.may_end = True
        os.kill(self.child.pid, signal.SIGKILL)
        self.child.wait(10)
        self.child.stop()

    def output(self) -> str:
        return self.child.log_path.read_text()


@dataclass
class Site:
    """A site. `close` ends its running processes."""

    kafka: str
    engine: Engine
    folder: Path
    name: str = field(default_factory=lambda: f"j{uuid4().hex[:7]}")
    workers: list[Worker] = field(default_factory=list)
    _lags: dict[bool, "SiteLags"] = field(default_factory=dict)

    @property
    def prefix(self) -> str:
        """The prefix of its topics."""
        return f"{self.name}-"

    @property
    def settings(self) -> Settings:
        """The settings of its commands and workers."""
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
        """Return the environment of its processes, with changed settings; None omits a setting."""
        mine = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        text = self.settings.model_dump(mode="json", exclude_unset=True) | changed
        return mine | {f"{PREFIX}{name.upper()}": str(value) for name, value in text.items() if value is not None}

    def make_raw_topics(self) -> None:
        """Create the raw topics, as an operator does before the first worker creates the others."""
        topics = topics_of(self.settings)
        raw = [topic for topic in topics.all() if topic.name in map(topics.raw, CHANNELS)]
        admin = KafkaAdminClient(bootstrap_servers=self.kafka)
        try:
            admin.create_topics([NewTopic(one.name, one.partitions, 1, topic_configs=dict(one.config)) for one in raw])
        finally:
            admin.close()

    def feed(self, records: Iterable[Raw]) -> None:
        """Send records as a producer in another language does: plain JSON."""
        producer = KafkaProducer(bootstrap_servers=self.kafka, acks="all", linger_ms=20)
        try:
            for one in records:
                producer.send(self.prefix + one.channel, one.value, one.key, partition=one.partition)
            producer.flush(PATIENCE_S)
        finally:
            producer.close()

    def start(
        self,
        name: str = "one",
        stages: Sequence[str] = STAGES,
        program: Sequence[str] = ("-m", "touchline"),
        **changed: object,
    ) -> Worker:
        """Start a worker, which is a static member of its group under that name unless another `instance` is given.

        `program` are the arguments of Python that run the command `touchline`.
        """
        env = self.env(**{"instance": name, **changed})
        argv = [sys.executable, *program, "worker", "--stages", ",".join(stages)]
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

    def run_json(self, *words: str, stdin: bytes | None = None, **changed: object) -> Any:
        """Run a command with --json and return its parsed output."""
        done = self.run(*words, "--json", stdin=stdin, **changed)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def lags(self, separate_groups: bool = False) -> "SiteLags":
        """Return the lags of the stages; `separate_groups` means that each stage is its own consumer group."""
        if separate_groups not in self._lags:
            groups = {stage: group_of(self.settings, [stage] if separate_groups else STAGES) for stage in STAGES}
            self._lags[separate_groups] = SiteLags(self, groups)
        return self._lags[separate_groups]

    def wait_drained(self, separate_groups: bool = False, patience_s: float = PATIENCE_S) -> None:
        """Wait until every stage has processed everything fed so far."""
        self.lags(separate_groups).wait_drained(patience_s)

    def check_workers(self) -> None:
        """Assert that no worker ended by itself."""
        for worker in self.workers:
            assert worker.may_end or worker.child.alive(), worker.child.describe_end()

    def client(self) -> Client:
        return self.engine.client(self.name)

    def tables(self) -> Tables:
        """Return all tables."""
        return read_tables(self.client(), self.prefix)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        found: list[tuple[Any, ...]] = self.client().query(query).result_rows
        return found

    def count(self, what: str) -> int:
        """Return `SELECT count() FROM` the given table or expression."""
        return int(self.rows(f"SELECT count() FROM {what}")[0][0])

    def audit(self) -> Audit:
        """Return the audit, which recomputes everything from the events."""
        return audit(self.client(), Scope("main"), half_life_ms=HALF_LIFE_MS)

    def close(self) -> None:
        for lags in self._lags.values():
            lags.close()
        for worker in self.workers:
            worker.child.kill()
        with suppress(ClickHouseError, StoreUnavailableError):  # the test may have killed the engine
            self.engine.server().command(f"DROP DATABASE IF EXISTS {self.name}")


class SiteLags:
    """Reader of the lags of a site."""

    def __init__(self, site: Site, groups: dict[str, str]) -> None:
        self._site, self._groups = site, groups
        self._lags = LagReader(site.kafka, topics_of(site.settings))

    def close(self) -> None:
        self._lags.__exit__(None, None, None)

    def read(self) -> dict[str, StageLag]:
        """Return the lag by stage; empty while Kafka does not answer or a topic is missing."""
        self._site.check_workers()
        try:
            return self._lags.read(self._groups)
        except CliError:
            return {}

    def waiting(self, stage: str) -> int | None:
        """Return the records waiting for a stage; None means unknown."""
        lag = self.read().get(stage)
        return None if lag is None else lag.waiting

    def wait_drained(self, patience_s: float = PATIENCE_S) -> None:
        """Wait until no stage has a backlog."""

        def drained() -> bool:
            lags = self.read()
            return bool(lags) and not any(lag.waiting for lag in lags.values())

        wait_for(drained, f"all records to be processed at {self._site.name}", patience_s, describe=self._describe)

    def _describe(self) -> str:
        """Describe the lags, and the last output of the running workers."""
        try:
            lags = str(self._lags.read(self._groups))
        except CliError as trouble:
            lags = str(trouble)
        running = (worker for worker in self._site.workers if worker.child.alive())
        outputs = (
            f"{one.child.name} answers {one.page('ready')}, {one.page('live')}; last output:\n"
            f"{one.child.last_lines(OUTPUT_LINES)}"
            for one in running
        )
        return "\n".join(["", lags, *outputs])
