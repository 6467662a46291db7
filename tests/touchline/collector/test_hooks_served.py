"""Webhooks of a real collector on a real Kafka: touches in their topic, and what cannot be mapped in the quarantine."""

import json
import uuid
from base64 import b64encode
from pathlib import Path

import pytest
from kafka import KafkaConsumer

from tests.touchline.cli.running import NOT_WORKING, run
from tests.touchline.collector.collecting import LISTENING, collecting, send
from touchline.errors import CliError

OPEN = {"RecordType": "Open", "MessageID": "m1", "Recipient": "ada@example.org", "ReceivedAt": "2026-11-30T10:31:40Z"}
HOOKS = '[hooks.shop]\nprovider = "postmark"\nsecrets = ["user:old", "user:word"]\n'


def basic(secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(secret.encode()).decode()}


def test_a_webhook_becomes_touches_or_a_record_of_the_quarantine(kafka: str, tmp_path: Path) -> None:
    prefix = f"hooks-{uuid.uuid4().hex[:8]}."
    (tmp_path / "hooks.toml").write_text(HOOKS)
    with collecting(tmp_path, KAFKA=kafka, TOPIC_PREFIX=prefix) as collector:
        address = collector.read_until(LISTENING.pattern)[1]
        collector.read_until("requests are accepted")
        url = f"{address}/v1/hooks/postmark/shop"
        for secret in ("user:word", "user:old"):
            assert send(url, json.dumps(OPEN).encode(), basic(secret))[0] == 200
        assert send(url, b'{"RecordType": "X"}', basic("user:word"))[0] == 200
        assert send(url, json.dumps(OPEN).encode(), basic("user:other"))[0] == 401
        collector.stop()
    consumer = KafkaConsumer(
        f"{prefix}emails",
        f"{prefix}quarantine",
        bootstrap_servers=kafka,
        auto_offset_reset="earliest",
        consumer_timeout_ms=60_000,
    )
    records = [next(consumer) for _ in range(3)]
    consumer.close()
    touches = [json.loads(record.value) for record in records if record.topic == f"{prefix}emails"]
    assert [(one["type"], one["email"], one["source"]) for one in touches] == [
        ("opened", "ada@example.org", "shop")
    ] * 2
    assert touches[0] == touches[1]
    (kept,) = [record for record in records if record.topic == f"{prefix}quarantine"]
    assert kept.value == b'POST /v1/hooks/postmark/shop\n\n{"RecordType": "X"}'
    headers = dict(kept.headers)
    assert (headers["reason"], headers["raw_topic"]) == (b"unmappable", b"hooks.postmark.shop")
    assert kept.key == b"hooks.postmark.shop/0/" + headers["raw_offset"]


def test_a_file_with_errors_ends_the_start(kafka: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOUCHLINE_KAFKA", kafka)
    (tmp_path / "hooks.toml").write_text(HOOKS.replace("postmark", "postmrk"))
    error = run("collect", "--data", str(tmp_path), "--port", "0").exception
    assert isinstance(error, CliError), error
    assert f"{tmp_path}/hooks.toml:2: hooks.shop.provider: there is no such provider; did you mean p" in str(error)
    assert error.code == NOT_WORKING
