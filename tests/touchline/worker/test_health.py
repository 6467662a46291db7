"""Whether a worker is live and ready, and its recent warnings."""

import logging

import pytest

from streams.runtime.progress import PartitionProgress
from touchline.worker.health import KEPT_WARNINGS, STUCK_S, RecentWarnings, stuck_partitions, why_not_ready


def row(
    topic: str = "activity",
    *,
    assigned: bool = True,
    recovering: bool = False,
    remaining: int = 0,
    end: int | None = 10,
    idle_s: float = STUCK_S + 1,
) -> PartitionProgress:
    """Return a partition with five processed records that is idle for too long."""
    return PartitionProgress(topic, 3, assigned, recovering, remaining, 5, 5, end, idle_s)


@pytest.mark.parametrize(
    ("one", "waiting_for_store", "is_stuck"),
    [
        (row(), False, True),
        (row(idle_s=STUCK_S), False, False),
        (row(end=5), False, False),
        (row(end=None), False, False),
        (row(assigned=False), False, False),
        (row(recovering=True), False, False),
        (row("timeline"), False, True),
        (row("timeline"), True, False),
        (row("activity"), True, True),
    ],
)
def test_partition_with_waiting_records_and_no_progress_is_stuck(
    one: PartitionProgress, waiting_for_store: bool, is_stuck: bool
) -> None:
    found = stuck_partitions([row(end=5), one], waiting_for_store, {"timeline", "quarantine"})
    assert len(found) == is_stuck
    assert all(f"{one.topic}/3 has 5 records waiting" in line for line in found)


@pytest.mark.parametrize(
    ("rows", "rebalancing", "why"),
    [
        ([row()], False, ""),
        ([row()], True, "the group is being rebalanced"),
        ([], False, "Kafka has not answered yet"),
        ([row(), row(recovering=True, remaining=7), row(recovering=True, remaining=2)], False, "9 changelog records"),
        ([row(recovering=True)], False, "0 changelog records"),
        ([row(assigned=False)], False, ""),
    ],
)
def test_worker_is_ready_when_it_processes_records(rows: list[PartitionProgress], rebalancing: bool, why: str) -> None:
    found = why_not_ready(rows, rebalancing)
    assert found.startswith(why)
    assert bool(found) == bool(why)


def test_messages_of_kafka_clients_are_put_in_our_words() -> None:
    warnings = RecentWarnings()
    fields = {"name": "aiokafka.cluster", "levelname": "ERROR", "msg": "Topic %s unavail", "args": ("x",), "created": 0}
    warnings.emit(logging.makeLogRecord(fields))
    (line,) = warnings.lines
    assert line.startswith("1970-01-01T00:00:00+00:00 ERROR a request to Kafka failed and is repeated;")


def test_last_warnings_are_kept_as_one_line_each() -> None:
    warnings = RecentWarnings()
    for number in range(KEPT_WARNINGS + 2):
        fields = {"name": "sinks", "levelname": "WARNING", "msg": "away %d\nmore", "args": (number,), "created": 0}
        record = logging.makeLogRecord(fields)
        warnings.emit(record)
    assert len(warnings.lines) == KEPT_WARNINGS
    assert warnings.lines[-1] == f"1970-01-01T00:00:00+00:00 WARNING away {KEPT_WARNINGS + 1}"
