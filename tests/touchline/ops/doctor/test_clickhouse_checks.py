"""Checks of ClickHouse: user, database, tables."""

from collections.abc import Callable

import pytest

from sinks.clickhouse.client import Address, connect
from tests.touchline.ops.doctor.checking import findings
from touchline.ops.doctor.findings import Finding

Url = Callable[..., str]
NewDatabase = Callable[..., Address]


def test_wrong_password_is_reported(monkeypatch: pytest.MonkeyPatch, new_database: NewDatabase, url: Url) -> None:
    found = findings(monkeypatch, CLICKHOUSE=url(new_database(), password="wrong"))
    assert not found["ClickHouse"].ok
    assert "correct the user or the password" in found["ClickHouse"].detail


def test_missing_database_is_in_order(monkeypatch: pytest.MonkeyPatch, new_database: NewDatabase, url: Url) -> None:
    found = findings(monkeypatch, CLICKHOUSE=url(new_database(empty=True)))
    assert found["ClickHouse"] == Finding(
        "ClickHouse", "ok", "reachable, without Touchline's database: `touchline migrate` creates it"
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
