import time
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from sinks.clickhouse.client import Address, connect
from streams.kafka.topic_admin import create_missing
from touchline.ops.doctor import Finding, examine
from touchline.settings import read_settings
from touchline.worker.pinned_settings import pin_settings, settings_to_pin
from touchline.worker.rules_file import read_rules
from touchline.worker.stages import topics_of

Url = Callable[..., str]
NewDatabase = Callable[..., Address]


def findings(monkeypatch: pytest.MonkeyPatch, **variables: str) -> dict[str, Finding]:
    """What the doctor finds with these settings, by what it looks at."""
    for name, value in variables.items():
        monkeypatch.setenv(f"TOUCHLINE_{name}", value)
    return {finding.what: finding for finding in examine(None)}


def test_nothing_set_and_nothing_running_is_how_one_starts(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    found = findings(monkeypatch)
    assert all(finding.ok for finding in found.values()), found
    assert found["Kafka"].said == "not set: `touchline up` runs its own"
    assert found["ClickHouse"].said == "not set: `touchline up` runs the embedded engine"
    assert not list(folder.iterdir())


def test_a_folder_that_is_not_there_is_not_made(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    found = findings(monkeypatch, DATA=str(folder / "new" / "data"))["data folder"]
    assert found.ok
    assert found.said.endswith(f"`touchline up` will make {folder / 'new' / 'data'}")
    assert not list(folder.iterdir())


def test_wrong_settings_are_all_it_can_say(monkeypatch: pytest.MonkeyPatch) -> None:
    found = findings(monkeypatch, METRICS_PORT="x", LINKS="0")
    assert list(found) == ["settings"]
    assert "TOUCHLINE_METRICS_PORT='x'" in found["settings"].said
    assert "TOUCHLINE_LINKS='0'" in found["settings"].said


def test_variables_that_no_setting_resembles_are_named_and_no_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    found = findings(monkeypatch, PORT="tcp://10.0.0.1:80", SERVICE_HOST="10.0.0.1")["settings"]
    assert found.ok
    assert "TOUCHLINE_PORT, TOUCHLINE_SERVICE_HOST" in found.said


@pytest.mark.parametrize(
    ("variables", "what", "said"),
    [
        ({"RULES": "/nowhere/rules.toml"}, "rules", "/nowhere/rules.toml"),
        ({"DATA": "/proc/touchline"}, "data folder", "cannot be written"),
        ({"MMDB": "/nowhere/places.mmdb"}, "places by IP", "/nowhere/places.mmdb"),
        ({"KAFKA": "127.0.0.1:1"}, "Kafka", "nothing answers at 127.0.0.1:1: start Kafka there, or correct"),
        ({"RULSE": "x"}, "settings", "TOUCHLINE_RULSE is no setting: did you mean TOUCHLINE_RULES?"),
        ({"PARTITIONS": "3"}, "settings", "did you mean TOUCHLINE_RAW_PARTITIONS?"),
        ({"KAFKA": "no-port"}, "settings", "TOUCHLINE_KAFKA='no-port': 'no-port' is not an address: write host:port"),
        ({"CLICKHOUSE": "http://u:secret@127.0.0.1:1/t"}, "ClickHouse", "cannot be reached: start it, or correct"),
        ({"CLICKHOUSE": "127.0.0.1:8123"}, "ClickHouse", "begins with http"),
    ],
)
def test_each_thing_that_is_wrong_is_one_problem(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], what: str, said: str
) -> None:
    found = findings(monkeypatch, **variables)
    assert [name for name, finding in found.items() if not finding.ok] == [what]
    assert said in found[what].said
    assert "secret" not in str(found)


def test_a_wrong_password_is_said(monkeypatch: pytest.MonkeyPatch, new_database: NewDatabase, url: Url) -> None:
    found = findings(monkeypatch, CLICKHOUSE=url(new_database(), password="wrong"))
    assert not found["ClickHouse"].ok
    assert "correct the user or the password" in found["ClickHouse"].said


def test_a_database_that_is_not_there_yet_is_no_problem(
    monkeypatch: pytest.MonkeyPatch, new_database: NewDatabase, url: Url
) -> None:
    found = findings(monkeypatch, CLICKHOUSE=url(new_database(empty=True)))
    assert found["ClickHouse"] == Finding(
        "ClickHouse", True, "there, without our database: `touchline migrate` makes it"
    )


def test_tables_are_looked_at(monkeypatch: pytest.MonkeyPatch, new_database: NewDatabase, url: Url) -> None:
    here = new_database()
    assert findings(monkeypatch, CLICKHOUSE=url(here))["tables"].said == "up to date"
    client = connect(here, "write")
    client.command("ALTER TABLE schema_migrations DELETE WHERE number = 5 SETTINGS mutations_sync = 1")
    found = findings(monkeypatch)["tables"]
    assert not found.ok
    assert "run `touchline migrate`" in found.said
    client.close()


def test_topics_are_looked_at(monkeypatch: pytest.MonkeyPatch, kafka: str) -> None:
    prefix = f"doctor-{uuid.uuid4().hex[:8]}."
    found = findings(monkeypatch, KAFKA=kafka, TOPIC_PREFIX=prefix)
    assert found["Kafka"].ok
    assert found["topics"].said.startswith(f"missing, a worker will make them: {prefix}visits")
    create_missing(kafka, topics_of(read_settings()), 1)
    deadline_s = time.monotonic() + 60
    while (said := findings(monkeypatch)["topics"].said) != "all 10 there":  # made a moment before it is told
        assert time.monotonic() < deadline_s, said
    found = findings(monkeypatch, ACTIVITY_PARTITIONS="5")
    assert not found["topics"].ok
    assert f"Topic {prefix}activity has 8 partitions, the settings say 5" in found["topics"].said


def test_other_terms_than_the_site_s_are_said(monkeypatch: pytest.MonkeyPatch, kafka: str) -> None:
    prefix = f"doctor-{uuid.uuid4().hex[:8]}."
    monkeypatch.setenv("TOUCHLINE_KAFKA", kafka)
    monkeypatch.setenv("TOUCHLINE_TOPIC_PREFIX", prefix)
    topics = topics_of(read_settings())
    create_missing(kafka, topics, 1)
    pin_settings(kafka, topics.terms, settings_to_pin(read_settings(), read_rules(None)))
    assert findings(monkeypatch)["topics"].ok
    found = findings(monkeypatch, IDENTIFIERS="email,customer_id")
    assert "the settings list email, customer_id. Set TOUCHLINE_IDENTIFIERS" in found["topics"].said
    assert f"delete the topic {prefix}terms" in found["topics"].said
