"""The state of the pipeline for the API, from Kafka and a worker's metrics."""

import shutil
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from dashboards.answers.pipeline import CollectorHealth, DiskSpace, PipelineState, StageState, WorkerState
from touchline.errors import CliError
from touchline.local.discovery import need_kafka, running_here
from touchline.ops.lag import LagReader
from touchline.ops.metrics_scrape import Sample, read_samples
from touchline.ops.query_context import now_ms
from touchline.ops.server_check import read_collector
from touchline.ops.status import (
    TASKS,
    describe_silent_worker,
    describe_unread,
    furthest,
    read_warnings,
    stage_groups,
)
from touchline.settings import Settings
from touchline.worker.stages import STAGES, topics_of

SHORTEST_S: Final = 1.0  # between two reads of the counters that give a rate
LONGEST_S: Final = 60.0
WINDOW_S: Final = 300.0  # of the time until touches are stored
_STORED: Final = "touchline_event_to_stored_seconds_bucket"
_PROCESSED: Final = "touchline_batch_records_sum"


@dataclass(frozen=True, slots=True)
class _Reading:
    """Counters at a time of the monotonic clock: records by stage, and the histogram of `_STORED`."""

    at_s: float
    processed: dict[str, float]
    stored: dict[float, float]


class PipelineHealth:
    """Reads the state; a rate is that since the last read, or over a second after a pause. Safe for several threads."""

    def __init__(self, settings: Callable[[], Settings]) -> None:
        """Ask `settings` at each read, because the worker of `touchline up` gets a new port with each start."""
        self._settings = settings
        self._readings: deque[_Reading] = deque()  # of the last `WINDOW_S`, the oldest first
        self._one_at_a_time = threading.Lock()

    def __call__(self) -> PipelineState:
        """Return the state now. What does not answer is reported in `trouble`."""
        with self._one_at_a_time:
            return self._read()

    def _read(self) -> PipelineState:
        settings, trouble = self._settings(), list[str]()
        waiting: dict[str, int] = {}
        newest: dict[str, int | None] = {}
        try:
            groups = stage_groups(settings)
            with LagReader(need_kafka(settings), topics_of(settings)) as reader:
                waiting = {stage: lag.waiting for stage, lag in furthest(reader, groups).items()}
                newest = reader.newest()
                trouble += describe_unread(reader.unread_topics(groups))
        except CliError as error:
            trouble.append(str(error))
        worker, rates = self._read_worker(settings.metrics_port, trouble)
        collector = read_collector(settings)
        if collector and collector.trouble:
            trouble.append(collector.trouble)
        usage = shutil.disk_usage(settings.folder) if running_here(settings) else None
        return PipelineState(
            at_ms=now_ms(),
            stages=tuple(
                StageState(stage, TASKS[stage], waiting.get(stage), rates.get(stage), newest.get(stage))
                for stage in STAGES
            ),
            worker=worker,
            collector=CollectorHealth(collector.address, not collector.trouble) if collector else None,
            disk=DiskSpace(usage.free, usage.total) if usage else None,
            trouble=tuple(trouble),
        )

    def _read_worker(self, port: int, trouble: list[str]) -> tuple[WorkerState | None, dict[str, float]]:
        """Return (the worker, rates by stage), and add what is wrong to `trouble`."""
        if not port:
            trouble.append(
                "The worker's metrics are unknown: set TOUCHLINE_METRICS_PORT to the port of a worker on this machine."
            )
            return None, {}
        try:
            before = self._readings[-1] if self._readings else None
            if before is None or not SHORTEST_S <= time.monotonic() - before.at_s <= LONGEST_S:
                before = _reading(read_samples(port))
                self._readings = deque([before])
                time.sleep(SHORTEST_S)
            samples = read_samples(port)
            trouble += read_warnings(port)
        except OSError:
            self._readings.clear()
            trouble.append(describe_silent_worker(port))
            return None, {}
        now = _reading(samples)
        self._readings.append(now)
        while now.at_s - self._readings[0].at_s > WINDOW_S:
            self._readings.popleft()
        elapsed_s = now.at_s - before.at_s
        rates = {
            stage: max(0.0, now.processed.get(stage, 0) - before.processed.get(stage, 0)) / elapsed_s
            for stage in STAGES
        }
        return _worker(samples, self._readings[0], now), rates


def _reading(samples: list[Sample]) -> _Reading:
    processed = {labels["stage"]: value for name, labels, value in samples if name == _PROCESSED}
    stored = {float(labels["le"]): value for name, labels, value in samples if name == _STORED}
    return _Reading(time.monotonic(), processed, stored)


def _worker(samples: list[Sample], first: _Reading, last: _Reading) -> WorkerState:
    def total(name: str, **wanted: str) -> int:
        return int(sum(v for n, labels, v in samples if n == name and wanted.items() <= labels.items()))

    buckets = sorted((bound, count - first.stored.get(bound, 0.0)) for bound, count in last.stored.items())
    return WorkerState(
        duplicates=total("touchline_touches_total", result="duplicate"),
        rejected=total("touchline_touches_total", result="rejected"),
        identifiers=total("touchline_state_keys", table="states"),
        store_waits=bool(total("touchline_store_trouble")),
        stored_p50_s=quantile(buckets, 0.5),
        stored_p99_s=quantile(buckets, 0.99),
        window_s=last.at_s - first.at_s,
    )


def quantile(buckets: list[tuple[float, float]], share: float) -> float | None:
    """Return a quantile of a Prometheus histogram, as `histogram_quantile` does; None if it is empty.

    `buckets`: (upper bound, number of values up to it), ascending. Beyond the last finite bound, it is that bound.
    """
    wanted = share * buckets[-1][1] if buckets else 0.0
    if wanted <= 0:
        return None
    for (low, below), (high, upto) in pairwise([(0.0, 0.0), *buckets]):
        if upto >= wanted:
            return low if high == float("inf") else low + (high - low) * (wanted - below) / (upto - below)
    return None
