"""The arguments and the result of a peer's run: counts and CPU time as one JSON line.

CPU time is `getrusage` of the process and of its ended children (none of the peers has any), from the moment the first
record reaches the peer's first step until the end: all rows inserted, the changelog or the snapshot
acknowledged, the offsets committed. Imports, connecting, creating topics and the shutdown are excluded; the work of the
framework between records and its threads are included.
"""

import argparse
import gc
import json
import os
import resource
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final
from uuid import uuid4

GC_THRESHOLD: Final = (50_000, 20, 50)
PATIENCE_S: Final = 120.0
_LOOK_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Order:
    """The arguments of a run."""

    kafka: str
    prefix: str  # of the raw topics and of everything that the peer creates in Kafka
    clickhouse: str
    touches: int  # raw messages in all three topics together
    folder: Path  # an empty folder for local state
    by_key: bool  # count by the message key instead of the strongest identifier, which avoids a repartitioning
    every_s: float  # between two checkpoints: commits, snapshots and inserts
    run: str  # in the name of the group and of every topic of this run

    def topic(self, channel: str) -> str:
        """Return the raw topic of a channel."""
        return f"{self.prefix}{channel}"


def read_order(name: str, every_s: float, arguments: Sequence[str] | None = None, *, keyed: bool = True) -> Order:
    """Parse the command line; `every_s` is the best interval for the peer. Exits with a message if it is invalid.

    `keyed` means that the peer can count by the key of the message, too.

    The garbage collector is set to run seldom, in favour of the peers, which keep many objects.
    """
    parser = argparse.ArgumentParser(description=f"The benchmark's job in {name}; the last line on stdout is JSON.")
    parser.add_argument("--kafka", required=True, metavar="HOST:PORT")
    parser.add_argument("--prefix", default="", help="of the raw topics (visits, emails, calls)")
    parser.add_argument("--clickhouse", required=True, metavar="URL", help="http://user:password@host:port/database")
    parser.add_argument("--touches", required=True, type=int, help="end after so many raw messages")
    parser.add_argument("--folder", required=True, type=Path, help="for local state, empty")
    parser.add_argument(
        "--by",
        choices=("identifier", "key") if keyed else ("identifier",),
        default="identifier",
        help="count per strongest identifier (default), or per key of the message: simpler, no repartitioning",
    )
    parser.add_argument(
        "--every",
        type=float,
        default=every_s,
        metavar="SECONDS",
        help=f"between two checkpoints; rows are visible no sooner (default {every_s:g}, its best)",
    )
    given = parser.parse_args(arguments)
    if given.touches < 1:
        parser.error("--touches must be 1 or more")
    given.folder.mkdir(parents=True, exist_ok=True)
    if any(given.folder.iterdir()):
        parser.error(f"--folder {given.folder} is not empty: a run begins without state")
    gc.set_threshold(*GC_THRESHOLD)
    return Order(
        kafka=given.kafka,
        prefix=given.prefix,
        clickhouse=given.clickhouse,
        touches=given.touches,
        folder=given.folder,
        by_key=given.by == "key",
        every_s=given.every,
        run=uuid4().hex[:12],
    )


def cpu_s() -> float:
    """Return CPU seconds of this process and its ended children so far."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


class Ledger:
    """Counts of one run. The peer adds to `handled`, `duplicates` and `rejected` itself; `begin` is called with the
    first record, `close` when everything is done."""

    def __init__(self, peer: str, package: str, order: Order) -> None:
        self.handled = 0
        self.duplicates = 0
        self.rejected = 0
        self.begun = False
        self._peer = peer
        self._package = package
        self._touches = order.touches
        self._by = "key" if order.by_key else "identifier"
        self._every_s = order.every_s
        self._cpu_s = 0.0
        self._wall_s = 0.0

    def begin(self) -> None:
        """Note the arrival of the first record."""
        self.begun = True
        self._cpu_s, self._wall_s = -cpu_s(), -time.monotonic()

    def end(self) -> None:
        """Note that the last row is stored and the last offset committed."""
        self._cpu_s += cpu_s()
        self._wall_s += time.monotonic()

    def done(self) -> bool:
        """Whether all messages have been handled."""
        return self.handled >= self._touches

    def line(self, rows: int, wrong_customers: int) -> str:
        """Return the JSON line that the harness reads. `rows` and `wrong_customers` come from the engine."""
        report = {
            "peer": self._peer,
            "by": self._by,
            "every_s": self._every_s,
            "handled": self.handled,
            "rows": rows,
            "duplicates": self.duplicates,
            "rejected": self.rejected,
            "wrong_customers": wrong_customers,
            "cpu_s": round(self._cpu_s, 3),
            "wall_s": round(self._wall_s, 3),
            "version": version(self._package),
        }
        return json.dumps(report)

    def watch(self, patience_s: float = PATIENCE_S) -> None:
        """End the process with exit code 1 and a message after `patience_s` without progress."""
        threading.Thread(target=self._watch, args=(patience_s,), daemon=True).start()

    def _watch(self, patience_s: float) -> None:
        seen, since = -1, time.monotonic()
        while time.monotonic() - since < patience_s:
            time.sleep(_LOOK_S)
            if self.handled != seen:
                seen, since = self.handled, time.monotonic()
        print(
            f"{self._peer}: {self.handled} of {self._touches} messages handled and no more for {patience_s:g} s: "
            "are the topics filled, do Kafka and the engine answer?",
            file=sys.stderr,
            flush=True,
        )
        os._exit(1)
