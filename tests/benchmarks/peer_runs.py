"""The same day through the peers: each in its own environment, on the same Kafka and engine, with the same checks."""

import json
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.process import Child
from tests.benchmarks.day import Message
from tests.benchmarks.environment import BenchSite, Environment
from tests.benchmarks.fill import fill
from tests.benchmarks.peers.catalogue import PEERS, Job
from tests.benchmarks.peers.environment import OWN, NoEnvironmentError, make_environment
from tests.benchmarks.peers.expected import PROFILES, Expected, describe_differences
from tests.benchmarks.peers.java_environment import make_java_environment
from tests.benchmarks.peers.store import CUSTOMERS
from tests.benchmarks.processes import read_cpu_s

PATIENCE_S: Final = 1800.0


class PeerError(RuntimeError):
    """A peer stopped early, as the message quotes, or its counts or scores are wrong."""


class PeerStoppedError(PeerError):
    """A peer stopped before its end."""


@dataclass(frozen=True, slots=True)
class PeerRun:
    """A peer's report of a run, whose counts and scores were checked.

    `cpu_s` is of the peer's processes; `engine_cpu_s` and `kafka_cpu_s` are of the whole run, starts included.
    """

    touches: int
    cpu_s: float
    wall_s: float
    version: str
    engine_cpu_s: float = 0.0
    kafka_cpu_s: float = 0.0

    @property
    def events_per_cpu_s(self) -> float:
        return self.touches / self.cpu_s


def measure_peer(
    environment: Environment,
    peer: str,
    python: Path,
    messages: Sequence[Message],
    expected: Mapping[str, Expected],
) -> PeerRun:
    """Run a peer with empty state. Raises PeerError if it fails or its counts or scores are wrong."""
    with environment.site() as site:
        truth = fill(site.kafka, site.prefix, site.partition_counts.raw, messages)
        before = _shared_cpu_s(environment)
        report = _run(site, peer, python, truth.messages)
        engine_cpu_s, kafka_cpu_s = (now - then for now, then in zip(_shared_cpu_s(environment), before, strict=True))
        due = {"handled": truth.messages, "rows": truth.stored, "duplicates": truth.repeats, "rejected": truth.rejected}
        found = {name: report[name] for name in due}
        if found != due:
            raise PeerError(f"{peer}: found {found}, due {due}")
        if wrong := describe_differences(expected, read_customers(site, PEERS[peer].job)):
            raise PeerError(f"{peer}: {wrong}")
    cpu_s, wall_s = float(report["cpu_s"]), float(report["wall_s"])
    if PEERS[peer].in_engine:
        cpu_s, engine_cpu_s = cpu_s + engine_cpu_s, 0.0
    return PeerRun(truth.messages, cpu_s, wall_s, str(report["version"]), engine_cpu_s, kafka_cpu_s)


def read_customers(site: BenchSite, job: Job) -> list[tuple[str, int, float]]:
    """Return every customer with touches and score: of the peers' table, or of Touchline's."""
    rows = site.rows(f"SELECT customer, touches, score FROM {CUSTOMERS}" if job == "part" else PROFILES)
    return [(str(customer), int(touches), float(score)) for customer, touches, score in rows]


def _run(site: BenchSite, peer: str, python: Path, touches: int) -> dict[str, float]:
    """Run a peer to its end and return its report."""
    folder = Path(tempfile.mkdtemp(dir=site.folder))
    given = {
        "--kafka": site.kafka,
        "--prefix": site.prefix,
        "--clickhouse": site.engine.url(site.name),
        "--touches": str(touches),
        "--folder": str(folder),
    }
    words = [word for pair in given.items() for word in pair]
    argv = [str(python), str(OWN / PEERS[peer].folder / "run.py"), *words]
    with Child(peer, argv, site.folder / f"{peer}.log") as child:
        code = child.wait(PATIENCE_S)
    if code != 0:
        raise PeerStoppedError(child.describe_end())
    report: dict[str, float] = json.loads(child.last_lines(1))
    return report


def _shared_cpu_s(environment: Environment) -> tuple[float, float]:
    """Return CPU seconds so far of the engine and of Kafka."""
    return read_cpu_s(environment.engine.pid), read_cpu_s(environment.node.child.pid)


def find_pythons(peers: Sequence[str], print_progress: Callable[[str], None]) -> dict[str, Path | None]:
    """Return the interpreter of each peer's environment, created on first use; None means that this failed.

    A peer without requirements runs in this interpreter, and so does the start of one in Java.
    """
    found: dict[str, Path | None] = {}
    for peer in peers:
        folder = PEERS[peer].folder
        try:
            if (OWN / folder / "requirements.txt").exists():
                found[peer] = make_environment(folder, print_progress)
                continue
            if (OWN / folder / "pom.xml").exists():
                make_java_environment(folder, print_progress)
            found[peer] = Path(sys.executable)
        except (NoEnvironmentError, OSError) as why:
            print_progress(f"{peer} is omitted: {why}")
            found[peer] = None
    return found
