"""What `touchline doctor` finds on this machine, on Kafka and in ClickHouse."""

import time
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from sinks.clickhouse.client import Address, connect
from streams.kafka.topic_admin import create_missing
from touchline.ops.doctor.examine import examine
from touchline.ops.doctor.findings import Finding
from touchline.settings import read_settings
from touchline.worker.pinned_settings import pin_settings, settings_to_pin
from touchline.worker.rules_file import read_rules
from touchline.worker.stages import topics_of

Url = Callable[..., str]
NewDatabase = Callable[..., Address]


def findings(monkeypatch: pytest.MonkeyPatch, **variables: str) -> dict[str, Finding]:
    """Return the findings with these settings, by what was checked."""
    for name, value in variables.items():
        monkeypatch.setenv(f"TOUCHLINE_{name}", value)
    return {finding.what: finding for finding in examine(None)}


def test_nothing_set_and_nothing_running_is_in_order(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    found = findings(monkeypatch)
    assert all(finding.ok for finding in found.values()), found
    assert found["Kafka"].detail == "not set: `touchline up` runs its own"
    assert found["ClickHouse"].detail == "not set: `touchline up` runs the embedded engine"
    assert not list(folder.iterdir())


def test_missing_folder_is_not_created(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    found = findings(monkeypatch, DATA=str(folder / "new" / "data"))["data folder"]
    assert found.ok
    assert found.detail.endswith(f"`touchline up` will create {folder / 'new' / 'data'}")
    assert not list(folder.iterdir())


def test_wrong_settings_are_the_only_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    found = findings(monkeypatch, METRICS_PORT="x", LINKS="0")
    assert list(found) == ["settings"]
    assert "TOUCHLINE_METRICS_PORT='x'" in found["settings"].detail
    assert "TOUCHLINE_LINKS='0'" in found["settings"].detail


def test_variables_unlike_any_setting_are_listed_as_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    found = findings(monkeypatch, PORT="tcp://10.0.0.1:80", SERVICE_HOST="10.0.0.1")["settings"]
    assert found.ok
    assert "TOUCHLINE_PORT, TOUCHLINE_SERVICE_HOST" in found.detail


@pytest.mark.parametrize(
    ("variables", "what", "detail"),
    [
        ({"RULES": "/nowhere/rules.toml"}, "rules", "/nowhere/rules.toml"),
        ({"DATA": "/proc/touchline"}, "data folder", "cannot be written"),
        ({"MMDB": "/nowhere/places.mmdb"}, "places by IP", "/nowhere/places.mmdb"),
        ({"KAFKA": "127.0.0.1:1"}, "Kafka", "nothing answers at 127.0.0.1:1: start Kafka there, or correct"),
        ({"RULSE": "x"}, "settings", "TOUCHLINE_RULSE is not a setting: did you mean TOUCHLINE_RULES?"),
        ({"PARTITIONS": "3"}, "settings", "did you mean TOUCHLINE_RAW_PARTITIONS?"),
        ({"KAFKA": "no-port"}, "settings", "TOUCHLINE_KAFKA='no-port': 'no-port' is not an address: write host:port"),
        ({"CLICKHOUSE": "http://u:secret@127.0.0.1:1/t"}, "ClickHouse", "cannot be reached: start it, or correct"),
        ({"CLICKHOUSE": "127.0.0.1:8123"}, "ClickHouse", "begins with http"),
    ],
)
def test_each_mistake_is_one_problem(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], what: str, detail: str
) -> None:
    found = findings(monkeypatch, **variables)
    assert [name for name, finding in found.items() if not finding.ok] == [what]
    assert detail in found[what].detail
    assert "secret" not in str(found)


def test_wrong_password_is_reported(monkeypatch: pytest.MonkeyPatch, new_database: NewDatabase, url: Url) -> None:
    found = findings(monkeypatch, CLICKHOUSE=url(new_database(), password="wrong"))
    assert not found["ClickHouse"].ok
    assert "correct the user or the password" in found["ClickHouse"].detail


def test_missing_database_is_in_order(monkeypatch: pytest.MonkeyPatch, new_database: NewDatabase, url: Url) -> None:
    found = findings(monkeypatch, CLICKHOUSE=url(new_database(empty=True)))
    assert found["ClickHouse"] == Finding(
        "ClickHouse", True, "reachable, without Touchline's database: `touchline migrate` creates it"
    )


def test_missing_migration_is_a_problem(monkeypatch: pytest.MonkeyPatch, new_database: NewDatabase, url: Url) -> None:
    here = new_database()
    assert findings(monkeypatch, CLICKHOUSE=url(here))["tables"].detail == "up to date"
    client = connect(here, "write")
    client.command("ALTER TABLE schema_migrations DELETE WHERE number = 5 SETTINGS mutations_sync = 1")
    found = findings(monkeypatch)["tables"]
    assert not found.ok
    assert "run `touchline migrate`" in found.detail
    client.close()


def test_topics_are_checked(monkeypatch: pytest.MonkeyPatch, kafka: str) -> None:
    prefix = f"doctor-{uuid.uuid4().hex[:8]}."
    found = findings(monkeypatch, KAFKA=kafka, TOPIC_PREFIX=prefix)
    assert found["Kafka"].ok
    assert found["topics"].detail.startswith(f"missing, a worker will create them: {prefix}visits")
    create_missing(kafka, topics_of(read_settings()), 1)
    deadline_s = time.monotonic() + 60
    while (detail := findings(monkeypatch)["topics"].detail) != "all 10 exist":  # not at once
        assert time.monotonic() < deadline_s, detail
    found = findings(monkeypatch, ACTIVITY_PARTITIONS="5")
    assert not found["topics"].ok
    assert f"Topic {prefix}activity has 8 partitions, the settings say 5" in found["topics"].detail


def test_settings_that_differ_from_the_pinned_ones_are_a_problem(monkeypatch: pytest.MonkeyPatch, kafka: str) -> None:
    prefix = f"doctor-{uuid.uuid4().hex[:8]}."
    monkeypatch.setenv("TOUCHLINE_KAFKA", kafka)
    monkeypatch.setenv("TOUCHLINE_TOPIC_PREFIX", prefix)
    topics = topics_of(read_settings())
    create_missing(kafka, topics, 1)
    pin_settings(kafka, topics.terms, settings_to_pin(read_settings(), read_rules(None)))
    assert findings(monkeypatch)["topics"].ok
    found = findings(monkeypatch, IDENTIFIERS="email,customer_id")
    assert "the settings list email, customer_id. Set TOUCHLINE_IDENTIFIERS" in found["topics"].detail
    assert f"delete the topic {prefix}terms" in found["topics"].detail
