"""State of the pipeline: what waits for each stage, how fast it works, and what is wrong.

It comes from Kafka and the worker, not from ClickHouse: `touchline` reads it, and the API gets it as `ReadPipeline`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from dashboards.answers.clear import Clear


@dataclass(frozen=True, slots=True)
class StageState:
    """A stage; None is a figure that is not known, because Kafka or the worker does not answer.

    `waiting`: records that it has not finished. `per_s`: records a second, lately. `newest_ms`: when the newest record
    that it reads came to Kafka; None also if there is none.
    """

    stage: Clear
    task: Clear
    waiting: int | None
    per_s: float | None
    newest_ms: int | None


@dataclass(frozen=True, slots=True)
class WorkerState:
    """The worker whose metrics are read: touches since it started, and identifiers in its state.

    `stored_p50_s` and `stored_p99_s`: seconds from a touch's arrival in Kafka to its row in ClickHouse, of the slowest
    touch of each block in the last `window_s` seconds; None if nothing was stored then.
    """

    duplicates: int
    rejected: int
    identifiers: int
    store_waits: bool
    stored_p50_s: float | None
    stored_p99_s: float | None
    window_s: float


@dataclass(frozen=True, slots=True)
class CollectorHealth:
    """The collector of this system, and whether it accepts touches."""

    address: Clear
    accepts: bool


@dataclass(frozen=True, slots=True)
class DiskSpace:
    """Space of the disk that has the data folder."""

    free_bytes: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class PipelineState:
    """The state at a time. `disk` is None unless the system runs on this machine.

    `trouble` has a sentence for each problem, which says what to do.
    """

    at_ms: int
    stages: tuple[StageState, ...]
    worker: WorkerState | None
    collector: CollectorHealth | None
    disk: DiskSpace | None
    trouble: tuple[Clear, ...]

    @property
    def waiting(self) -> int | None:
        """Records that wait for any stage; None if that is not known."""
        known = [stage.waiting for stage in self.stages if stage.waiting is not None]
        return sum(known) if len(known) == len(self.stages) else None


ReadPipeline = Callable[[], PipelineState]
"""Reads the state now. Takes up to seconds, and never raises because a part does not answer."""
