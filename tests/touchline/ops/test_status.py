"""The values that `touchline status` reads."""

from collections.abc import Callable

from sinks.clickhouse.client import Address
from touchline.ops.status import read_status
from touchline.settings import read_settings


def test_each_part_that_does_not_answer_is_reported() -> None:
    found = read_status(read_settings(metrics_port=1))
    assert (found["stages"], found["worker"], found["store"]) == ({}, {}, {})
    kafka, worker, clickhouse = found["trouble"]
    assert kafka.startswith("No Kafka")
    assert worker.startswith("No worker answers at port 1: `touchline up` restarts its own;")
    assert clickhouse.startswith("No ClickHouse")


def test_status_has_the_figures_and_the_last_warnings_of_the_worker(
    port: int, new_database: Callable[..., Address], url: Callable[..., str]
) -> None:
    found = read_status(read_settings(metrics_port=port, clickhouse=url(new_database())))
    assert found["worker"]["duplicates"] == 2
    assert found["worker"]["identifiers"] == 11
    assert found["worker"]["touches_per_s"] == {"intake": 0, "engage": 0, "store": 0}
    assert found["store"]["touches"] == 0
    assert found["trouble"][1:] == ["WARNING away", "ERROR still away"]
