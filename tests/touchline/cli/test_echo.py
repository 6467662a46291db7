"""Escapes in the output of commands."""

import pytest

from touchline.cli.echo import echo


def test_control_characters_are_escaped_and_lines_kept(capsys: pytest.CaptureFixture[str]) -> None:
    echo("one\ntwo \x1b[2J three")
    shown = capsys.readouterr().out
    assert shown.startswith("one\ntwo ")
    assert "\x1b" not in shown


def test_output_may_go_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    echo("text", err=True)
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "text\n")
