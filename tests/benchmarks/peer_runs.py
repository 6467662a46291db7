"""The same day through the peers: each in its own environment, on the same Kafka and engine, with the same checks."""

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.process import Child
from tests.benchmarks.day import Message
from tests.benchmarks.environment import Environment
from tests.benchmarks.fill import fill
from tests.benchmarks.peers.environment import NoEnvironmentError, make_environment
from tests.journeys.site import ROOT

PEERS: Final = {"faust": "faust_stock", "quix": "quix_streams", "bytewax": "bytewax_flow"}
PATIENCE_S: Final = 1800.0


class PeerError(RuntimeError):
    """A peer stopped early, as the message quotes, or its counts are wrong."""


class PeerStoppedError(PeerError):
    """A peer stopped before its end."""


@dataclass(frozen=True, slots=True)
class PeerRun:
    """A peer's report of a run, whose counts were checked."""

    touches: int
    cpu_s: float
    wall_s: float
    version: str

    @property
    def events_per_cpu_s(self) -> float:
        return self.touches / self.cpu_s


def measure_peer(environment: Environment, peer: str, python: Path, messages: Sequence[Message]) -> PeerRun:
    """Run a peer with empty state. Raises PeerError if it fails or its counts are wrong."""
    with environment.site() as site:
        truth = fill(site.kafka, site.prefix, site.partition_counts.raw, messages)
        run = ROOT / "tests" / "benchmarks" / "peers" / PEERS[peer] / "run.py"
        folder = Path(tempfile.mkdtemp(dir=site.folder))
        given = {
            "--kafka": site.kafka,
            "--prefix": site.prefix,
            "--clickhouse": site.engine.url(site.name),
            "--touches": str(truth.messages),
            "--folder": str(folder),
        }
        words = [word for pair in given.items() for word in pair]
        with Child(peer, [str(python), str(run), *words], site.folder / f"{peer}.log") as child:
            code = child.wait(PATIENCE_S)
        if code != 0:
            raise PeerStoppedError(child.describe_end())
        report = json.loads(child.last_lines(1))
    due = {"handled": truth.messages, "rows": truth.stored, "duplicates": truth.repeats, "rejected": truth.rejected}
    found = {name: report[name] for name in due}
    if found != due:
        raise PeerError(f"{peer}: found {found}, due {due}")
    return PeerRun(truth.messages, float(report["cpu_s"]), float(report["wall_s"]), str(report["version"]))


def find_pythons(print_progress: Callable[[str], None]) -> dict[str, Path | None]:
    """Return the interpreter of each peer's environment, created on first use; None means that this failed."""
    found: dict[str, Path | None] = {}
    for peer, folder in PEERS.items():
        try:
            found[peer] = make_environment(folder, print_progress)
        except (NoEnvironmentError, OSError) as why:
            print_progress(f"{peer} is omitted: {why}")
            found[peer] = None
    return found
