"""`touchline serve` as a process: on a real Kafka and engine, and what ends it at once."""

import json
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from sinks.clickhouse.client import Address, connect_server
from sinks.clickhouse.migrations import migrate
from tests.touchline.cli.running import run
from tests.touchline.collector.collecting import collecting, send
from touchline.api.start import ServeOptions, run_api, serve_url
from touchline.errors import CliError
from touchline.settings import read_settings
from touchline.worker.kafka_setup import ensure_topics

LISTENING = r"api: listening at (\S+)"
PREFIX = "serve-start-"


def url_of(address: Address) -> str:
    return f"http://{address.user}:{address.password}@{address.host}:{address.port}/{address.database}"


def test_it_answers_until_sigterm(kafka: str, clickhouse: Address, tmp_path: Path) -> None:
    here = replace(clickhouse, database="serve_start")
    migrate(connect_server(here), here.database)
    ensure_topics(read_settings(kafka=kafka, topic_prefix=PREFIX, data=str(tmp_path)))
    log = tmp_path / "access.log"
    settings = {
        "KAFKA": kafka,
        "TOPIC_PREFIX": PREFIX,
        "CLICKHOUSE": url_of(here),
        "SERVE_CLICKHOUSE": url_of(replace(here, user="reader", password="r")),
    }
    with collecting(tmp_path, "--access-log", str(log), command="serve", **settings) as api:
        address = api.read_until(LISTENING)[1]
        metrics = api.read_until(r"metrics at (\S+)")[1]
        while send(f"{address}/ready")[0] != 200:
            pass
        assert send(f"{address}/v1/top", None, {"Authorization": "Bearer wrong"})[0] == 401
        assert b'touchline_api_requests_total{route="/v1/top",status="401"} 1.0' in send(metrics)[2]
        assert send(metrics.replace("/metrics", "/ready"))[0] == 200
        assert send(f"{address}/live", None, {"X-Large": "x" * 20_000})[0] == 431
        assert api.stop() == -15
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert (lines[-1]["route"], lines[-1]["status"], lines[-1]["key"]) == ("/v1/top", 401, "")


def test_without_kafka_it_does_not_start(tmp_path: Path) -> None:
    without = run("serve", "--data", str(tmp_path))
    assert "No Kafka" in str(without.exception)


def test_a_port_that_is_taken_is_reported(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = read_settings(kafka="127.0.0.1:1", serve_port=taken.getsockname()[1], data=str(tmp_path))
        with pytest.raises(CliError, match="choose another --port"):
            run_api(settings, ServeOptions())


def test_addresses() -> None:
    assert serve_url(read_settings(), 1) == "http://127.0.0.1:1"
    assert serve_url(read_settings(serve_host="::1", serve_cert="c.pem"), 2) == "https://[::1]:2"
