"""`touchline status` and `doctor` if nothing runs: exit codes and JSON."""

import json

import pytest
from click.testing import CliRunner

from touchline.cli.main import cli
from touchline.errors import CliError


def test_status_fails_if_nothing_runs() -> None:
    done = CliRunner().invoke(cli, ["status", "--json"])
    assert done.exit_code == 1 or isinstance(done.exception, CliError)


def test_doctor_lists_each_check_with_its_result() -> None:
    done = CliRunner().invoke(cli, ["doctor", "--json"])
    found = json.loads(done.stdout)
    assert [one["what"] for one in found][:2] == ["Python", "settings"]
    assert done.exit_code == (0 if all(one["result"] != "PROBLEM" for one in found) else 1)


def test_exit_code_of_a_problem_is_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOUCHLINE_RULES", "nowhere.toml")
    done = CliRunner().invoke(cli, ["doctor"])
    assert done.exit_code == 1
    assert "PROBLEM rules" in done.stdout
