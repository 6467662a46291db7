"""Suggestions for unknown commands."""

import pytest
from click.testing import CliRunner

from touchline.cli.main import cli


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["profiel"], "profile"),
        (["import", "acces-log"], "access-log"),
        (["quarantine", "lsit"], "list"),
        (["identity", "unlnik"], "unlink"),
    ],
)
def test_error_about_an_unknown_command_suggests_a_similar_one(words: list[str], meant: str) -> None:
    answer = CliRunner().invoke(cli, words)
    assert answer.exit_code == 2
    assert f"No such command {words[-1]!r}. Did you mean {meant!r}?" in answer.output


def test_command_similar_to_none_gets_no_suggestion() -> None:
    assert "Did you mean" not in CliRunner().invoke(cli, ["xyzzy"]).output


@pytest.mark.parametrize("words", [["import", "/x.csv"], ["import", "../x.gz"], ["./x"], ["key", "/x"]])
def test_path_in_place_of_a_command_is_an_error(words: list[str]) -> None:
    answer = CliRunner().invoke(cli, words)
    assert answer.exit_code == 2
    assert f"No such command {words[-1]!r}." in answer.output
