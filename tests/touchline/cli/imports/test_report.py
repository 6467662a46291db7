"""The report of an import, and its exit code."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.touchline.cli.imports.importing import CALLS, REFUSED, WHEN, bring_in, trouble
from touchline.cli.main import cli


def test_import_with_refusals_only_fails() -> None:
    result = bring_in("csv", "type,occurred_at\nmissed,2026-11-28 10:00\nmissed,1795852800\n", *CALLS)
    assert trouble(result).code == REFUSED
    assert "rejected bad_time                             2" in result.stdout
    assert "line 2: bad_time: occurred_at is '2026-11-28 10:00' without a zone" in result.stdout
    assert "line 3: bad_time: occurred_at is '1795852800', no plausible number of milliseconds" in result.stdout


@pytest.mark.parametrize("content", [f"type,occurred_at\nmissed,{WHEN}\nmissed,never\n", "type,occurred_at\n\n", ""])
def test_import_with_some_refusals_or_no_lines_succeeds(content: str) -> None:
    assert bring_in("csv", content, *CALLS).exit_code == 0


@pytest.mark.parametrize(("phone", "advised"), [("12", True), ("+4912", False)])
def test_number_without_a_country_code_is_refused_with_advice(phone: str, advised: bool) -> None:
    result = bring_in("csv", f"type,occurred_at,phone\nmissed,{WHEN},{phone}\n", *CALLS)
    assert "bad_phone" in result.stdout
    assert ("is read as dialled in TOUCHLINE_PHONE_REGION" in result.stdout) == advised


def test_escapes_do_not_reach_the_terminal() -> None:
    escape = "\x1b]0;pwn\x07\x9b2J\u202e"
    for kind, content in (
        ("csv", f"nope,{escape}\n"),
        ("csv", f"type,occurred_at\n{escape},{WHEN}\n"),
        ("csv", f"type,occurred_at\nmissed,{escape}\n"),
        ("csv", f'type,occurred_at,a\nmissed,{WHEN},"{escape}\n'),
        ("jsonl", json.dumps({"type": escape, "occurred_at": WHEN})),
        ("jsonl", json.dumps({escape: 1})),
        ("jsonl", json.dumps([escape])),
    ):
        result = bring_in(kind, content, *CALLS)
        output = f"{result.stdout}{result.stderr}{result.exception or ''}"
        assert output
        assert all(char.isprintable() or char == "\n" for char in output), output


def test_file_name_with_markup_is_printed_as_text(tmp_path: Path) -> None:
    path = tmp_path / "[red]calls[]"
    path.write_text(f"type,occurred_at\nmissed,{WHEN}\n")
    result = CliRunner(mix_stderr=False).invoke(cli, ["import", "csv", str(path), "--dry-run", *CALLS])
    assert result.stdout.startswith(f"{path}: 1 line read, 1 touch accepted\n")
    assert result.stdout.endswith("\nNothing was sent.\n")
    assert result.stderr == ""
