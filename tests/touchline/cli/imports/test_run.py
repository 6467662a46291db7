"""Files are checked before the first touch is sent."""

from pathlib import Path

from click.testing import CliRunner

from tests.touchline.cli.imports.importing import CALLS, CUT_OFF, WHEN, bring_in, trouble
from touchline.cli.main import cli


def test_error_names_the_table_with_a_wrong_header(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(f"type,occurred_at\nmissed,{WHEN}\n")
    bad.write_text("type,ocurred_at\n")
    done = CliRunner(mix_stderr=False).invoke(cli, ["import", "csv", str(good), str(bad), "--dry-run", *CALLS])
    assert trouble(done).code == CUT_OFF
    assert str(done.exception).startswith(f"{bad}: no column is occurred_at")


def test_missing_file_stops_the_import_before_it_sends(tmp_path: Path) -> None:
    error = trouble(bring_in("csv", f"type,occurred_at\nmissed,{WHEN}\n", *CALLS, str(tmp_path / "missing.csv")))
    assert error.code == CUT_OFF
    assert "there is no such file" in str(error)
