"""The state of the pipeline as it is read, and the store's."""

import csv
from collections.abc import Iterator

import pytest

from dashboards.answers.store_status import read_store_status
from dashboards.api.reader.async_clickhouse import Server
from sinks.clickhouse.client import Client
from tests.dashboards.api.example_services import STATE
from tests.dashboards.api.running import RunningApi, make_services, serving
from tests.dashboards.journey import HALF_LIFE_MS
from tests.dashboards.people import END_MS


@pytest.fixture(scope="module")
def watched(server: Server) -> Iterator[RunningApi]:
    services = make_services(server, lambda: END_MS, HALF_LIFE_MS, read_pipeline=lambda: STATE)
    with serving(lambda: services) as running:
        yield running


def test_state_is_the_one_that_is_read_for_every_role_that_may(watched: RunningApi) -> None:
    found = watched.get("/v1/pipeline").json()
    assert [(one["stage"], one["waiting"]) for one in found["stages"]] == [("intake", 3), ("engage", 0), ("store", 40)]
    assert found["worker"]["stored_p99_s"] == 1.5
    assert watched.get("/v1/pipeline", "dashboard").json() == found  # it has no identifier
    assert watched.get("/v1/pipeline", "support").status_code == 403


def test_csv_has_a_row_for_each_stage(watched: RunningApi) -> None:
    rows = list(csv.DictReader(watched.get("/v1/pipeline.csv").text.splitlines()))
    assert [row["waiting"] for row in rows] == ["3", "0", "40"]


def test_store_has_its_tables(watched: RunningApi, lived: Client) -> None:
    expected = read_store_status(lived)
    found = watched.get("/v1/pipeline/store").json()
    assert (found["touches"], found["profiles"]) == (expected.touches, expected.profiles)
    assert {one["table"] for one in found["tables"]} >= {"events", "profiles"}


def test_audit_of_a_sample_finds_nothing(watched: RunningApi) -> None:
    found = watched.get("/v1/pipeline/audit?profiles=5").json()
    assert (found["ok"], found["sampled"], found["profiles"]) == (True, True, 5)


def test_there_is_no_record_of_an_audit_before_the_first(watched: RunningApi) -> None:
    assert watched.get("/v1/pipeline/audits").json() == []
    assert watched.get("/v1/pipeline/audits.csv").text.startswith("started_ms,finished_ms,sampled,")


def test_without_kafka_the_pipeline_is_a_problem_with_advice(api: RunningApi) -> None:
    found = api.get("/v1/pipeline")
    assert found.status_code == 503
    assert "TOUCHLINE_KAFKA" in found.json()["detail"]
