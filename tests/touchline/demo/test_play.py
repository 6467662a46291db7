"""Folders and topics of the demo."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from kafka import KafkaAdminClient

from streams.kafka.topic_admin import create_missing
from touchline.demo.play import demo_settings
from touchline.worker.stages import topics_of


def topics_in(kafka: str) -> set[str]:
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    try:
        return set(admin.list_topics())
    finally:
        admin.close()


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until the condition holds."""
    deadline_s = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline_s


def test_demo_removes_its_folder_and_keeps_the_jars(folder: Path) -> None:
    with demo_settings(None) as (settings, jars):
        assert settings.folder.is_dir()
        assert settings.folder.parent == folder
        assert jars == Path.home() / ".touchline" / "jars"
    assert not settings.folder.exists()


def test_given_folder_is_kept(folder: Path) -> None:
    with demo_settings(str(folder / "kept")) as (settings, jars):
        settings.folder.mkdir()
        assert (settings.folder, jars) == (folder / "kept", Path.home() / ".touchline" / "jars")
    assert settings.folder.exists()


@pytest.mark.parametrize("data", [None, "kept"])
def test_database_of_the_user_is_not_used(monkeypatch: pytest.MonkeyPatch, folder: Path, data: str | None) -> None:
    monkeypatch.setenv("TOUCHLINE_CLICKHOUSE", "https://u:p@production.example/touchline")
    with demo_settings(data and str(folder / data)) as (settings, _):
        assert settings.clickhouse == ""


def test_demo_on_a_permanent_kafka_removes_its_topics(monkeypatch: pytest.MonkeyPatch, kafka: str) -> None:
    monkeypatch.setenv("TOUCHLINE_KAFKA", kafka)
    with demo_settings(None) as (one, _), demo_settings(None) as (other, _):
        assert one.kafka == other.kafka == kafka
        assert one.topic_prefix != other.topic_prefix
        assert one.group != other.group
        made = set(create_missing(kafka, topics_of(one), 1))
        wait_for(lambda: made <= topics_in(kafka))  # brokers report new and deleted topics a moment later
    wait_for(lambda: not made & topics_in(kafka))
