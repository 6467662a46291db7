import logging

import pytest

from streams.runtime.progress import PartitionProgress
from touchline.worker.health import LAST_WORDS, STUCK_S, LastWords, not_ready, stuck


def row(
    topic: str = "activity",
    *,
    assigned: bool = True,
    recovering: bool = False,
    remaining: int = 0,
    end: int | None = 10,
    idle_s: float = STUCK_S + 1,
) -> PartitionProgress:
    """A partition that has had five of its records done, and is idle for too long."""
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
def test_stuck_is_who_has_work_and_gets_nowhere(
    one: PartitionProgress, waiting_for_store: bool, is_stuck: bool
) -> None:
    found = stuck([row(end=5), one], waiting_for_store, {"timeline", "quarantine"})
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
def test_ready_is_who_takes_records(rows: list[PartitionProgress], rebalancing: bool, why: str) -> None:
    said = not_ready(rows, rebalancing)
    assert said.startswith(why)
    assert bool(said) == bool(why)


def test_the_last_warnings_are_kept_a_line_each() -> None:
    words = LastWords()
    for number in range(LAST_WORDS + 2):
        said = {"levelname": "WARNING", "msg": "away %d\nmore", "args": (number,), "created": 0}
        record = logging.makeLogRecord(said)
        words.emit(record)
    assert len(words.lines) == LAST_WORDS
    assert words.lines[-1] == f"1970-01-01T00:00:00+00:00 WARNING away {LAST_WORDS + 1}"
