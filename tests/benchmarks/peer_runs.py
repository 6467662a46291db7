"""The same day through the peers: each in its own environment, on the same Kafka and engine, with the same proof."""

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.process import Child
from tests.benchmarks.day import Message
from tests.benchmarks.fill import fill
from tests.benchmarks.ground import Ground
from tests.benchmarks.peers.environment import NoEnvironmentError, make_environment
from tests.journeys.site import ROOT

PEERS: Final = {"faust": "faust_stock", "quix": "quix_streams", "bytewax": "bytewax_flow"}
PATIENCE_S: Final = 1800.0


class PeerError(RuntimeError):
    """A peer did not get to its end, which the message quotes, or not to the right one."""


class PeerStoppedError(PeerError):
    """It did not get to its end."""


@dataclass(frozen=True, slots=True)
class PeerRun:
    """What a peer said of a run, its counts already compared with the truth."""

    touches: int
    cpu_s: float
    wall_s: float
    version: str

    @property
    def events_per_cpu_s(self) -> float:
        return self.touches / self.cpu_s


def measure_peer(ground: Ground, peer: str, python: Path, messages: Sequence[Message]) -> PeerRun:
    """One run with empty state. Raises PeerError if it does not end well, or counts are not the truth."""
    with ground.site() as site:
        truth = fill(site.kafka, site.prefix, site.cut.raw, messages)
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
        said = json.loads(child.last_lines(1))
    due = {"handled": truth.messages, "rows": truth.stored, "duplicates": truth.repeats, "rejected": truth.rejected}
    found = {name: said[name] for name in due}
    if found != due:
        raise PeerError(f"{peer}: found {found}, due {due}")
    return PeerRun(truth.messages, float(said["cpu_s"]), float(said["wall_s"]), str(said["version"]))


def find_pythons(tell: Callable[[str], None]) -> dict[str, Path | None]:
    """The interpreter of each peer's environment, made on first use; None, and a sentence, where that is impossible."""
    found: dict[str, Path | None] = {}
    for peer, folder in PEERS.items():
        try:
            found[peer] = make_environment(folder, tell)
        except (NoEnvironmentError, OSError) as why:
            tell(f"{peer} is left out: {why}")
            found[peer] = None
    return found
