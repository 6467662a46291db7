"""Queries of an empty database and of one with a single profile."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dashboards.answers.audit_records import audit_records
from dashboards.answers.scope import Scope
from sinks.clickhouse.client import Address, connect
from touchline.cli.main import cli
from touchline.errors import CliError

ADA = "email:ada@x.example"


def ask(*words: str) -> Result:
    return CliRunner(mix_stderr=False).invoke(cli, [*words, "--json"])


@pytest.fixture
def address(new_database: Callable[..., Address], url: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> Address:
    """An empty database that the commands ask."""
    address = new_database()
    monkeypatch.setenv("TOUCHLINE_CLICKHOUSE", url(address, "reader", "r"))
    return address


def test_queries_of_an_empty_store(address: Address) -> None:
    assert json.loads(ask("top").stdout) == []
    audited = ask("audit")
    assert audited.exit_code == 0
    assert json.loads(audited.stdout)["profiles"] == 0


def test_an_audit_is_also_written_as_metrics(address: Address, tmp_path: Path) -> None:
    assert ask("audit", "--metrics", str(tmp_path / "touchline.prom")).exit_code == 0
    assert 'touchline_audit_differences{kind="rollups",tenant="main"} 0.0' in (tmp_path / "touchline.prom").read_text()
    error = ask("audit", "--metrics", str(tmp_path / "missing" / "touchline.prom")).exception
    assert isinstance(error, CliError)
    assert "could not be written to" in str(error)


def test_an_audit_is_recorded_where_it_may_be(
    address: Address, url: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "The page Pipeline will not show this audit" in ask("audit").stderr
    monkeypatch.setenv("TOUCHLINE_CLICKHOUSE", url(address))
    assert ask("audit").stderr == ""
    assert len(audit_records(connect(address, "read"), Scope())) == 1


@pytest.mark.parametrize("command", ["profile", "timeline", "explain", "consent"])
def test_unknown_identifier_is_an_error(address: Address, command: str) -> None:
    error = ask(command, ADA).exception
    assert isinstance(error, CliError)
    assert ADA.partition(":")[2] in str(error)


def test_profile_is_found_by_its_address(address: Address) -> None:
    writer = connect(address, "write")
    writer.command(
        "INSERT INTO identities (tenant, identifier, parent, since, why, conflicts, activity_offset) "
        f"VALUES ('main', '{ADA}', '', 0, 'none', [], 1)"
    )
    writer.command(
        "INSERT INTO profiles (tenant, identifier, parent, touches, identifiers, rank_pos, rank_neg, activity_offset) "
        f"VALUES ('main', '{ADA}', '', 3, 1, 3000, -1e300, 1)"
    )
    assert json.loads(ask("profile", "ada@x.example").stdout)["touches"] == 3
    (first,) = json.loads(ask("top").stdout)
    assert ADA in first.values()
    assert json.loads(ask("timeline", ADA).stdout) == []
    assert json.loads(ask("consent", ADA).stdout) == []
