"""The format of an access log on the command line: detected and printed, given, or refused."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from touchline.cli.main import cli
from touchline.errors import CliError

REQUEST = '[28/Nov/2026:09:00:01 +0000] "GET /a HTTP/1.1" 200 512 "-" "Mozilla/5.0"'
COMBINED = f"198.51.100.7 - - {REQUEST}\n"
VHOST = f"www.shop.example:443 198.51.100.7 - - {REQUEST}\n"
PATTERN = '%{X-Forwarded-For}i %h %t "%r" %>s %b "%{Referer}i" "%{User-agent}i"'


def bring_in(file: Path, *options: str) -> Result:
    arguments = [
        "import",
        "access-log",
        str(file),
        "--site",
        "https://www.shop.example",
        "--dry-run",
        "--json",
        *options,
    ]
    return CliRunner(mix_stderr=False).invoke(cli, arguments)


@pytest.mark.parametrize(
    ("text", "options", "printed"),
    [
        (COMBINED, [], "format: combined (detected)"),
        (VHOST, [], "format: vhost_combined (detected)"),
        (VHOST, ["--format", "vhost_combined"], "format: vhost_combined (given)"),
        (f"198.51.100.7, 10.0.0.2 10.0.0.1 {REQUEST}\n", ["--format", PATTERN], "format: a pattern (given)"),
    ],
)
def test_the_format_is_printed(tmp_path: Path, text: str, options: list[str], printed: str) -> None:
    file = tmp_path / "access[red].log"
    file.write_text(text)
    result = bring_in(file, *options)
    assert result.exit_code == 0, result.exception
    assert f"{file}: {printed}" in result.stderr
    assert json.loads(result.stdout)[str(file)]["emitted"] == {"visits": 1}


def test_alias_of_the_virtual_host_is_accepted(tmp_path: Path) -> None:
    file = tmp_path / "access.log"
    file.write_text(VHOST.replace("www.shop.example", "web1"))
    report = json.loads(bring_in(file).stdout)[str(file)]
    assert (report["emitted"], report["skipped"]) == ({}, {"other_site": 1})
    arguments = ["import", "access-log", str(file), "--site", "https://www.shop.example", "--dry-run"]
    assert "give the site's name in the log with --alias HOST" in CliRunner().invoke(cli, arguments).output
    report = json.loads(bring_in(file, "--alias", "web1").stdout)[str(file)]
    assert report["emitted"] == {"visits": 1}


def test_file_of_two_formats_is_refused_with_both_names(tmp_path: Path) -> None:
    file = tmp_path / "access.log"
    file.write_text(COMBINED + VHOST)
    error = bring_in(file).exception
    assert isinstance(error, CliError)
    assert str(error).startswith(f"{file}: the format is not certain: ")
    assert "combined, vhost_combined" in str(error)
    assert "--format" in str(error)
    assert error.code == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--format", "apache"], "there is no format 'apache': give auto, common, combined"),
        (["--format", '%h "%r" %>s'], "has no field for a time"),
        (["--alias", "https://a.example"], "an alias must be the name of a host"),
    ],
)
def test_error_names_the_wrong_option(tmp_path: Path, options: list[str], words: str) -> None:
    file = tmp_path / "access.log"
    file.write_text(COMBINED)
    error = bring_in(file, *options).exception
    assert isinstance(error, CliError)
    assert words in str(error)
    assert error.code == 2
