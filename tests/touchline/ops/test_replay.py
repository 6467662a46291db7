"""Choosing records of the quarantine and sending them again."""

import json
import uuid
from pathlib import Path

import pytest
from kafka import KafkaConsumer

from schemas.arrival import RECEIVED_AT
from sinks.clickhouse.client import Client
from streams.kafka.topic_admin import create_missing
from streams.quarantine import KEPT_BYTES, ORIGIN
from touchline.errors import CliError
from touchline.ops.replay import _coordinates, find, original_of, replay
from touchline.settings import Settings, read_settings
from touchline.worker.stages import topics_of


@pytest.mark.parametrize(
    ("text", "coordinates"),
    [("visits/0/0", ("visits", 0, 0)), ("a.b_c-d/12/345", ("a.b_c-d", 12, 345))],
)
def test_origin_is_topic_partition_offset(text: str, coordinates: tuple[str, int, int]) -> None:
    assert _coordinates(text) == coordinates


@pytest.mark.parametrize("text", ["", "visits", "visits/0", "visits/0/x", "visits/x/0", "0/0"])
def test_text_that_is_no_origin_is_an_error(text: str) -> None:
    with pytest.raises(CliError, match="TOPIC/PARTITION/OFFSET") as refused:
        _coordinates(text)
    assert refused.value.code == 2


def test_records_are_chosen_by_reason_and_time(client: Client) -> None:
    def origins(reason: str | None = None, since: str | None = None) -> list[str]:
        return [one.place for one in find(client, reason, since, 10, also_accepted=False)]

    assert set(origins()) == {"activity/1/3", "visits/1/7", "visits/1/9"}
    assert origins(reason="no_zone") == ["visits/1/9"]
    assert origins(since="2026-01-01T00:00:00.008Z") == ["visits/1/9"]


def test_original_bytes_are_returned_unchanged(client: Client) -> None:
    assert original_of(client, "visits/1/7") == b"{"
    with pytest.raises(CliError, match=r"The quarantine has no record of visits/1/8\."):
        original_of(client, "visits/1/8")


def test_record_sent_again_carries_its_origin_and_its_first_arrival(client: Client, kafka: str) -> None:
    settings = read_settings(kafka=kafka, topic_prefix=f"replay-{uuid.uuid4().hex[:8]}.")
    topics = topics_of(settings)
    create_missing(kafka, topics, 1)
    origin = f"{topics.raw('visits')}/1/7"
    client.command(
        "INSERT INTO quarantine (raw_topic, raw_partition, raw_offset, received_at, reason, original) "
        f"VALUES ('{topics.raw('visits')}', 1, 7, '2026-01-31 09:30:10.250', 'not_json', 'as it was')"
    )
    for corrected in (None, b"corrected"):
        done = replay(settings, client, [origin], corrected, wait=False)
        assert (list(done.sent.values()), done.skipped, done.verdicts) == ([origin], {}, None)
    consumer = KafkaConsumer(
        topics.raw("visits"), bootstrap_servers=kafka, auto_offset_reset="earliest", consumer_timeout_ms=60_000
    )
    records = [next(consumer), next(consumer)]
    consumer.close()
    assert [record.value for record in records] == [b"as it was", b"corrected"]
    expected = [(ORIGIN, origin.encode()), (RECEIVED_AT, b"1769851810250")]
    assert all(record.headers == expected for record in records)


def test_a_request_of_a_webhook_is_mapped_again(client: Client, kafka: str, tmp_path: Path) -> None:
    settings = read_settings(kafka=kafka, topic_prefix=f"replay-{uuid.uuid4().hex[:8]}.", data=str(tmp_path))
    create_missing(kafka, topics_of(settings), 1)
    (tmp_path / "hooks.toml").write_text(HOOKS)
    for offset, source in enumerate(("desk", "desk", "gone")):
        request = f"POST /v1/hooks/generic/{source}\n\n" + '[{"at": 1769851800000}, {"at": 1769851800001}]'
        client.command(
            "INSERT INTO quarantine (raw_topic, raw_partition, raw_offset, received_at, reason, original) VALUES "
            f"('hooks.generic.{source}', 0, {offset}, '2026-01-31 09:30:10.250', 'unmappable', '{request}')"
        )
    kept, gone = "hooks.generic.desk/0/0", "hooks.generic.gone/0/2"
    (tmp_path / "mine.toml").write_text(MAPPING)
    done = replay(settings, client, [kept, gone], wait=False)
    assert done.sent == {}
    assert done.skipped[kept] == f"{kept} still cannot be mapped: type: Field required."
    assert "There is no webhook generic/gone" in done.skipped[gone]
    (tmp_path / "mine.toml").write_text(MAPPING.replace('"kind"', "\"'given'\""))
    done = replay(settings, client, [kept], wait=False)
    assert (list(done.sent.values()), done.skipped) == ([kept, kept], {})
    consumer = KafkaConsumer(
        topics_of(settings).raw("feedback"),
        bootstrap_servers=kafka,
        auto_offset_reset="earliest",
        consumer_timeout_ms=60_000,
    )
    records = [next(consumer), next(consumer)]
    consumer.close()
    assert {json.loads(record.value)["occurred_at"] for record in records} == {1769851800000, 1769851800001}
    assert all(record.headers == [(ORIGIN, kept.encode()), (RECEIVED_AT, b"1769851810250")] for record in records)
    corrected = replay(settings, client, [kept], b'{"at": 1769851800002}', wait=False)
    assert list(corrected.sent.values()) == [kept]


HOOKS = '[hooks.desk]\nprovider = "generic"\nsecrets = ["s"]\n[hooks.desk.options]\nmapping = "mine.toml"\n'
MAPPING = '[[touch]]\nchannel = "feedback"\n[touch.fields]\ntype = "kind"\noccurred_at = "at"\n'


def test_record_that_cannot_be_sent_again_is_skipped_with_a_reason(client: Client, settings: Settings) -> None:
    done = replay(settings, client, ["visits/1/8", "activity/1/3"], wait=False)
    assert done.sent == {}
    assert done.skipped == {
        "visits/1/8": "The quarantine has no record of visits/1/8.",
        "activity/1/3": "activity/1/3 does not come from a raw topic, so it cannot be sent again.",
    }


def test_truncated_record_is_not_sent_again(client: Client, settings: Settings) -> None:
    client.command(
        "INSERT INTO quarantine (raw_topic, raw_partition, raw_offset, reason, original) "
        f"SELECT 'visits', 1, 10, 'too_large', repeat(repeat('x', 1024), {KEPT_BYTES // 1024})"
    )
    done = replay(settings, client, ["visits/1/10"], wait=False)
    assert (done.sent, list(done.skipped)) == ({}, ["visits/1/10"])
    assert "send the whole record with --file" in done.skipped["visits/1/10"]


def test_corrected_bytes_need_a_quarantined_record(client: Client, settings: Settings) -> None:
    assert replay(settings, client, ["visits/1/8"], b"corrected", wait=False).sent == {}


def test_original_stays_readable_after_a_replay_is_refused(client: Client) -> None:
    with pytest.raises(CliError, match=r"The record of visits/1/7 was not refused again"):
        original_of(client, "visits/1/7", sent_again=True)
    for text in ("wrong", "wrong, too"):
        client.command(
            "INSERT INTO quarantine (raw_topic, raw_partition, raw_offset, reason, original, sent_again) "
            f"VALUES ('visits', 1, 7, 'not_json', '{text}', 1)"
        )
    assert original_of(client, "visits/1/7") == b"{"
    assert original_of(client, "visits/1/7", sent_again=True) == b"wrong, too"
    client.command("OPTIMIZE TABLE quarantine FINAL")
    assert original_of(client, "visits/1/7") == b"{"
