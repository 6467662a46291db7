"""`touchline collect` as a process: on a real Kafka, without one, and what ends it at once."""

import json
import resource
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from kafka import KafkaConsumer

from deploy.ports import free_port
from tests.touchline.cli.running import NOT_WORKING, run
from tests.touchline.collector.collecting import LISTENING, collecting, send
from touchline.collector.start import allow_connections, config_of
from touchline.ops.write_keys import KeyRequest, create_key
from touchline.settings import read_settings

PREFIX = "collect-start-"
TOUCH = {"type": "page", "occurred_at": int(time.time() * 1000), "url": "https://shop.example.org/a"}


@pytest.fixture(scope="module")
def key(kafka: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A write key on the real Kafka; the topics are created with it."""
    settings = read_settings(kafka=kafka, topic_prefix=PREFIX, data=str(tmp_path_factory.mktemp("data")))
    return create_key(settings, KeyRequest("shop", "main", (), (), 0), 1_700_000_000_000)[0]


@pytest.fixture
def consumer(kafka: str) -> Iterator[KafkaConsumer]:
    """A consumer of the raw topic of visits from its first record on."""
    consumer = KafkaConsumer(
        f"{PREFIX}visits", bootstrap_servers=kafka, auto_offset_reset="earliest", consumer_timeout_ms=30_000
    )
    yield consumer
    consumer.close()


def test_touches_reach_kafka_and_sigterm_ends_it(kafka: str, key: str, consumer: KafkaConsumer, tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    with collecting(tmp_path, "--access-log", str(log), KAFKA=kafka, TOPIC_PREFIX=PREFIX) as collector:
        address = collector.read_until(LISTENING.pattern)[1]
        metrics = collector.read_until(r"metrics at (\S+)")[1]
        collector.read_until("requests are accepted")
        while send(f"{address}/ready")[0] != 200:
            pass
        before_ms = int(time.time() * 1000)
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        status, _, body = send(f"{address}/v1/touches?channel=visits", json.dumps([TOUCH, TOUCH]).encode(), headers)
        assert (status, json.loads(body)["accepted"]) == (200, 2)
        status, _, page = send(metrics)
        assert b'touchline_collector_touches_total{channel="visits",result="accepted"} 2.0' in page
        assert send(metrics.replace("/metrics", "/ready"))[0] == send(metrics.replace("/metrics", "/live"))[0] == 200
        assert collector.stop() == -15
    records = [next(consumer), next(consumer)]
    for record in records:
        touch = json.loads(record.value)
        assert (touch["source"], touch["tenant"], touch["url"]) == ("shop", "main", TOUCH["url"])
        (received,) = [value for name, value in record.headers if name == "received_at"]
        assert before_ms <= int(received) <= int(time.time() * 1000)
    assert len({json.loads(record.value)["event_id"] for record in records}) == 2
    routes = [json.loads(line)["route"] for line in log.read_text().splitlines()]
    assert routes[-1] == "touches"
    assert key not in log.read_text()


@pytest.mark.slow
def test_without_kafka_it_says_so_and_answers_with_503(tmp_path: Path) -> None:
    with collecting(tmp_path, KAFKA=f"127.0.0.1:{free_port()}") as collector:
        address = collector.read_until(LISTENING.pattern)[1]
        collector.read_until("waiting for Kafka at")
        status, headers, body = send(
            f"{address}/v1/touches?channel=visits", json.dumps(TOUCH).encode(), {"Authorization": "Bearer key"}
        )
        assert (status, json.loads(body)["error"]) == (503, "sink_unavailable")
        assert int(headers["Retry-After"]) >= 1
        assert send(f"{address}/ready")[0] == 503
        assert send(f"{address}/live")[0] == 200
        assert collector.stop() == -15


def test_a_taken_port_ends_it_with_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOUCHLINE_KAFKA", "127.0.0.1:1")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = run("collect", "--data", str(tmp_path), "--port", port)
    assert f"cannot listen on 127.0.0.1:{port}" in str(ended.exception)
    assert getattr(ended.exception, "code", 0) == NOT_WORKING


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "No Kafka"),
        (("--cert", "cert.pem"), "TLS needs both"),
        (("--cert", "missing.pem", "--key", "missing.pem"), "missing.pem for TLS cannot be read"),
        (("--cert", "{file}", "--key", "{file}"), "cannot be used"),
        (("--access-log", "{file}/log"), "cannot be used"),
    ],
)
def test_what_can_be_corrected_is_a_sentence(
    arguments: tuple[str, ...], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "no-certificate.pem"
    file.write_text("no certificate\n")
    if arguments:
        monkeypatch.setenv("TOUCHLINE_KAFKA", "127.0.0.1:1")
    given = [one.replace("{file}", str(file)) for one in arguments]
    ended = run("collect", "--data", str(tmp_path), "--port", "0", *given)
    assert sentence in str(ended.exception)
    assert getattr(ended.exception, "code", 0) == NOT_WORKING


@pytest.mark.parametrize(
    ("limits", "connections", "raised"),
    [
        ((64, 100_000), 15_000, [(15_200, 100_000)]),
        ((64, resource.RLIM_INFINITY), 15_000, [(15_200, resource.RLIM_INFINITY)]),
        ((50_000, 100_000), 15_000, []),
        ((resource.RLIM_INFINITY, resource.RLIM_INFINITY), 15_000, []),
        ((64, 1_000), 800, [(1_000, 1_000)]),
    ],
)
def test_open_files_limit_the_connections(
    limits: tuple[int, int],
    connections: int,
    raised: list[tuple[int, int]],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    changes: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda kind: limits)
    monkeypatch.setattr(resource, "setrlimit", lambda kind, new: changes.append(new))
    assert allow_connections(15_000) == connections
    assert changes == raised
    assert ("at most 800 connections" in caplog.text) == (connections == 800)


def test_settings_become_the_configuration() -> None:
    settings = read_settings(collect_proxies="10.0.0.0/8, fd00::/8", topic_prefix="t-", collect_connections=7)
    config = config_of(settings)
    assert [str(one) for one in config.trusted_proxies] == ["10.0.0.0/8", "fd00::/8"]
    assert (config.topic_prefix, config.limits.connections) == ("t-", 7)
