"""`touchline migrate` creates the tables once and shows which migrations are applied."""

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from sinks.clickhouse.client import Address
from touchline.cli.main import cli
from touchline.errors import CliError


def migrate(*words: str) -> Result:
    return CliRunner().invoke(cli, ["migrate", "--json", *words], catch_exceptions=False)


def test_migrations_are_applied_once(
    new_database: Callable[..., Address], url: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOUCHLINE_CLICKHOUSE", url(new_database(empty=True)))
    first = json.loads(migrate().stdout)
    again = json.loads(migrate().stdout)
    after = json.loads(migrate("--status").stdout)
    assert len(first["applied"]) == len(after) > 0
    assert again == {"applied": []}
    assert all(one["applied"] for one in after)


def test_missing_clickhouse_is_an_error_with_advice() -> None:
    error = CliRunner().invoke(cli, ["migrate"]).exception
    assert isinstance(error, CliError)
    assert error.code == 78
    assert "set TOUCHLINE_CLICKHOUSE=" in str(error)
