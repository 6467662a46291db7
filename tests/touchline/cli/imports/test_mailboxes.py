"""Mailboxes on the command line, in a dry run."""

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from touchline.cli.main import cli
from touchline.errors import CliError

MAIL = (
    b"From: Ada <ada@customer.example>\nTo: sales@shop.example\nDate: Mon, 30 Nov 2026 10:00:00 +0000\n"
    b"Message-ID: <1@customer.example>\n\nHello\n\n"
)
SENT = MAIL.replace(b"ada@customer.example", b"kim@shop.example").replace(
    b"sales@shop.example", b"a@b.example, c@d.example"
)
UNDATED = MAIL.replace(b"Date", b"X-Date")
SEPARATOR = b"From - Mon Nov 30 10:00:00 2026\n"


def bring_in(kind: str, path: Path, *options: str) -> Result:
    arguments = ["import", kind, str(path), "--dry-run", "--json", "--own", "shop.example", *options]
    return CliRunner(mix_stderr=False).invoke(cli, arguments)


def test_mbox_is_counted_and_refusals_have_lines(tmp_path: Path) -> None:
    file = tmp_path / "box"
    file.write_bytes(gzip.compress(SEPARATOR + MAIL + SEPARATOR + SENT + SEPARATOR + UNDATED))
    result = bring_in("mbox", file, "--text", "--tenant", "north")
    assert result.exit_code == 0, result.exception
    report = json.loads(result.stdout)[str(file)]
    assert report["types"] == {"emails/received": 1, "emails/sent": 2}
    assert report["notes"] == {"further_touch": 1}
    (refused,) = report["rejected_examples"]
    assert (refused["reason"], refused["line_no"]) == ("no_time", 17)


def test_maildir_is_counted(tmp_path: Path) -> None:
    (tmp_path / "cur").mkdir()
    (tmp_path / "cur/1:2,S").write_bytes(MAIL)
    (tmp_path / "cur/2:2,S").write_bytes(UNDATED)
    result = bring_in("maildir", tmp_path)
    assert result.exit_code == 0, result.exception
    report = json.loads(result.stdout)[str(tmp_path)]
    assert report["types"] == {"emails/received": 1}
    assert report["rejected_examples"][0]["detail"].startswith("cur/2:2,S: ")


@pytest.mark.parametrize(
    ("kind", "options", "words", "code"),
    [
        ("mbox", ["--own", "shop"], "neither an address nor a domain", 2),
        ("maildir", [], "this is no Maildir", 1),
        ("mbox", [], "this is a folder", 1),
    ],
)
def test_error_says_what_to_do(tmp_path: Path, kind: str, options: list[str], words: str, code: int) -> None:
    error = bring_in(kind, tmp_path, *options).exception
    assert isinstance(error, CliError)
    assert words in str(error)
    assert error.code == code


def test_report_counts_mails(tmp_path: Path) -> None:
    file = tmp_path / "box"
    file.write_bytes(SEPARATOR + SENT + SEPARATOR + MAIL)
    arguments = ["import", "mbox", str(file), "--dry-run", "--own", "shop.example"]
    assert "2 mails read, 3 touches accepted" in CliRunner().invoke(cli, arguments).output
