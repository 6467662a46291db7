"""Outages are reported once when they begin and once when they end."""

from collections.abc import Mapping

import pytest

from deploy.ports import free_port
from touchline.worker.outage_report import LASTING_POLLS, OutageReport, read_waiting

FULL = {"store": "only 12 MB are free on /data: make room"}
LESS = {"store": "only 9 MB are free on /data: make room"}
AWAY = {"store": "ClickHouse cannot be reached"}
KAFKA = {"Kafka": "nothing answers at 127.0.0.1:9092"}
Poll = Mapping[str, str] | None


def lines(*polls: Poll) -> list[str]:
    report = OutageReport()
    return [line for waiting in polls for line in report.poll(waiting)]


def lasting(waiting: Poll) -> list[Poll]:
    return [waiting] * LASTING_POLLS


def test_outage_is_reported_once_when_it_begins_and_once_when_it_ends() -> None:
    assert lines(*lasting(FULL), *lasting(FULL), *lasting(LESS), {}, {}) == [
        "The worker's store waits and resumes by itself: only 12 MB are free on /data: make room",
        "The worker's store works again.",
    ]


def test_outage_with_another_cause_is_reported() -> None:
    assert len(lines(*lasting(FULL), *lasting(AWAY))) == 2


def test_short_outage_is_not_reported() -> None:
    assert lines(FULL, {}, FULL, {}, FULL, AWAY, FULL) == []


def test_worker_that_does_not_answer_ends_no_outage() -> None:
    assert len(lines(*lasting(FULL), None, None, FULL)) == 1


def test_outages_of_parts_are_reported_separately() -> None:
    found = lines(*lasting({**FULL, **KAFKA}), KAFKA)
    assert [line.split(" ")[2] for line in found] == ["store", "Kafka", "store"]


def test_recurring_outage_is_reported_again() -> None:
    assert len(lines(*lasting(FULL), {}, *lasting(FULL))) == 3


def test_without_a_worker_nothing_is_known() -> None:
    assert read_waiting(free_port()) is None


@pytest.mark.parametrize("waiting", [None, {}])
def test_without_an_outage_nothing_is_reported(waiting: Poll) -> None:
    assert lines(*lasting(waiting)) == []
