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
    """Ask again until it holds."""
    deadline_s = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline_s


def test_a_demo_has_a_folder_that_goes_away_and_keeps_the_jars(folder: Path) -> None:
    with demo_settings(None) as (settings, jars):
        assert settings.folder.is_dir()
        assert settings.folder.parent == folder
        assert jars == Path.home() / ".touchline" / "jars"
    assert not settings.folder.exists()


def test_a_folder_that_is_given_stays(folder: Path) -> None:
    with demo_settings(str(folder / "kept")) as (settings, jars):
        settings.folder.mkdir()
        assert (settings.folder, jars) == (folder / "kept", Path.home() / ".touchline" / "jars")
    assert settings.folder.exists()


@pytest.mark.parametrize("data", [None, "kept"])
def test_a_database_of_ones_own_is_left_alone(monkeypatch: pytest.MonkeyPatch, folder: Path, data: str | None) -> None:
    monkeypatch.setenv("TOUCHLINE_CLICKHOUSE", "https://u:p@production.example/touchline")
    with demo_settings(data and str(folder / data)) as (settings, _):
        assert settings.clickhouse == ""


def test_on_a_kafka_that_stays_each_demo_begins_from_nothing_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, kafka: str
) -> None:
    monkeypatch.setenv("TOUCHLINE_KAFKA", kafka)
    with demo_settings(None) as (one, _), demo_settings(None) as (other, _):
        assert one.kafka == other.kafka == kafka
        assert one.topic_prefix != other.topic_prefix
        assert one.group != other.group
        made = set(create_missing(kafka, topics_of(one), 1))
        wait_for(lambda: made <= topics_in(kafka))  # one is made, and removed, before every answer tells of it
    wait_for(lambda: not made & topics_in(kafka))
