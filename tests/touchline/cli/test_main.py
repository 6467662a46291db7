"""Errors end a command with a sentence and an exit code."""

import pytest

from tests.touchline.cli.running import NOT_WORKING, WRONG_USE, run
from touchline.cli.main import main
from touchline.settings import SettingsError


@pytest.mark.parametrize(
    "line",
    ["worker", "up", "status", "migrate", "top", "import calls - --dry-run", "identity show 1", "quarantine list"],
)
def test_wrong_settings_stop_every_command(monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    monkeypatch.setenv("TOUCHLINE_LINKS", "many")
    assert isinstance(run(*line.split()).exception, SettingsError)


@pytest.mark.parametrize(
    ("line", "code"),
    [("worker", NOT_WORKING), ("worker --stages x", WRONG_USE), ("import calls /nowhere --dry-run", 1)],
)
def test_error_goes_to_standard_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], line: str, code: int
) -> None:
    monkeypatch.setattr("sys.argv", ["touchline", *line.split()])
    with pytest.raises(SystemExit) as exited:
        main()
    printed = capsys.readouterr()
    assert exited.value.code == code
    assert printed.err.startswith("touchline: ")
    assert "Traceback" not in printed.err


def test_each_wrong_setting_is_a_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("TOUCHLINE_LINKS", "many")
    monkeypatch.setenv("TOUCHLINE_TARGETS", "0")
    monkeypatch.setattr("sys.argv", ["touchline", "status"])
    with pytest.raises(SystemExit) as exited:
        main()
    assert exited.value.code == NOT_WORKING
    assert len(capsys.readouterr().err.splitlines()) == 2
