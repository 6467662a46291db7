"""The values that `touchline status` reads."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from prometheus_client import generate_latest

from sinks.clickhouse.client import Address
from touchline.ops.status import read_metrics, read_status
from touchline.settings import read_settings
from touchline.worker.metrics import Metrics


@pytest.fixture
def port() -> Iterator[int]:
    """Serve a worker's metrics: 3 new touches of two channels, 2 duplicates, 40 records in two batches."""
    metrics = Metrics()
    metrics.touches("visits", "new", 1)
    metrics.touches("calls", "new", 2)
    metrics.touches("calls", "duplicate", 2)
    metrics.batch("engage", 10, 0.1)
    metrics.batch("engage", 30, 0.1)
    metrics.state(0, 5, 9)
    metrics.state(1, 6, 9)
    page = generate_latest(metrics.registry)

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"WARNING away\nERROR still away" if self.path == "/trouble" else page)

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_metrics_are_summed_over_labels_and_by_result(port: int) -> None:
    found = read_metrics(port)
    assert found["touchline_touches_total"] == 5
    assert found["touchline_touches_total/new"] == 3
    assert found["touchline_batch_records_sum/engage"] == 40
    assert found["touchline_state_identifiers"] == 11


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
