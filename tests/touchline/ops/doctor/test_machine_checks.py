"""Checks of this machine: folder, variables, rules, Java."""

from pathlib import Path

import pytest

from tests.touchline.ops.doctor.checking import findings


def test_missing_folder_is_not_created(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    found = findings(monkeypatch, DATA=str(folder / "new" / "data"))["data folder"]
    assert found.ok
    assert found.detail.endswith(f"`touchline up` will create {folder / 'new' / 'data'}")
    assert not list(folder.iterdir())


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
        ({"KAFKA": "127.0.0.1:1"}, "Kafka", "nothing answers at 127.0.0.1:1: `touchline up` restarts its own"),
        ({"RULSE": "x"}, "settings", "TOUCHLINE_RULSE is not a setting: did you mean TOUCHLINE_RULES?"),
        ({"PARTITIONS": "3"}, "settings", "did you mean TOUCHLINE_RAW_PARTITIONS?"),
        ({"KAFKA": "no-port"}, "settings", "TOUCHLINE_KAFKA='no-port': 'no-port' is not an address: write host:port"),
        ({"CLICKHOUSE": "http://u:secret@127.0.0.1:1/t"}, "ClickHouse", "cannot be reached: `touchline up` restarts"),
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
