"""Wrong settings stop every command with a sentence and an exit code."""

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
def test_the_sentence_goes_to_standard_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], line: str, code: int
) -> None:
    monkeypatch.setattr("sys.argv", ["touchline", *line.split()])
    with pytest.raises(SystemExit) as left:
        main()
    told = capsys.readouterr()
    assert left.value.code == code
    assert told.err.startswith("touchline: ")
    assert "Traceback" not in told.err


def test_wrong_settings_are_told_a_line_each(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TOUCHLINE_LINKS", "many")
    monkeypatch.setenv("TOUCHLINE_TARGETS", "0")
    monkeypatch.setattr("sys.argv", ["touchline", "status"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == NOT_WORKING
    assert len(capsys.readouterr().err.splitlines()) == 2
