from collections.abc import Mapping

import pytest

from deploy.ports import free_port
from touchline.worker.outage_report import LASTING_LOOKS, TroubleWatch, read_waiting

FULL = {"store": "only 12 MB are free on /data: make room"}
LESS = {"store": "only 9 MB are free on /data: make room"}
AWAY = {"store": "ClickHouse cannot be reached"}
KAFKA = {"Kafka": "nothing answers at 127.0.0.1:9092"}
Look = Mapping[str, str] | None


def lines(*looks: Look) -> list[str]:
    watch = TroubleWatch()
    return [line for look in looks for line in watch.take(look)]


def lasting(look: Look) -> list[Look]:
    return [look] * LASTING_LOOKS


def test_a_trouble_is_reported_once_when_it_begins_and_once_when_it_ends() -> None:
    assert lines(*lasting(FULL), *lasting(FULL), *lasting(LESS), {}, {}) == [
        "The worker's store waits and goes on by itself: only 12 MB are free on /data: make room",
        "The worker's store works again.",
    ]


def test_a_trouble_of_another_kind_is_reported() -> None:
    assert len(lines(*lasting(FULL), *lasting(AWAY))) == 2


def test_a_short_trouble_is_not_reported() -> None:
    assert lines(FULL, {}, FULL, {}, FULL, AWAY, FULL) == []


def test_a_worker_that_does_not_answer_has_ended_no_trouble() -> None:
    assert len(lines(*lasting(FULL), None, None, FULL)) == 1


def test_parts_are_reported_separately() -> None:
    found = lines(*lasting({**FULL, **KAFKA}), KAFKA)
    assert [line.split(" ")[2] for line in found] == ["store", "Kafka", "store"]


def test_a_recurring_trouble_is_reported_again() -> None:
    assert len(lines(*lasting(FULL), {}, *lasting(FULL))) == 3


def test_nothing_is_known_of_a_worker_that_is_not_there() -> None:
    assert read_waiting(free_port()) is None


@pytest.mark.parametrize("look", [None, {}])
def test_without_a_trouble_nothing_is_reported(look: Look) -> None:
    assert lines(*lasting(look)) == []
