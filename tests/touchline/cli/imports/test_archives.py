"""Archives of analytics systems on the command line, in a dry run."""

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from touchline.cli.main import cli
from touchline.errors import CliError

WHEN = "2026-11-30T10:00:00Z"
SEGMENT = {
    "type": "page",
    "messageId": "m1",
    "userId": "u1",
    "timestamp": WHEN,
    "properties": {"url": "https://a.example/"},
}
POSTHOG = {"event": "signed up", "uuid": "u-1", "distinct_id": "d1", "timestamp": WHEN, "properties": {}}
SNOWPLOW = "\t".join(
    {5: "struct", 6: "e1", 12: "u1", 54: "add", 124: "2026-11-30 10:00:00"}.get(n, "") for n in range(131)
)


def bring_in(kind: str, file: Path, *options: str) -> Result:
    return CliRunner(mix_stderr=False).invoke(cli, ["import", kind, str(file), "--dry-run", "--json", *options])


@pytest.mark.parametrize(
    ("kind", "line", "type_", "reason"),
    [
        ("segment", json.dumps(SEGMENT), "visits/page", "not_json"),
        ("rudderstack", json.dumps(SEGMENT), "visits/page", "not_json"),
        ("posthog", json.dumps(POSTHOG), "visits/custom", "not_json"),
        ("snowplow", SNOWPLOW, "visits/custom", "columns"),
    ],
)
def test_archive_is_counted_and_refusals_have_lines(
    tmp_path: Path, kind: str, line: str, type_: str, reason: str
) -> None:
    file = tmp_path / "archive.gz"
    file.write_bytes(gzip.compress(f"{line}\nno event\n".encode()))
    result = bring_in(kind, file, "--tenant", "north", "--source", "shop")
    assert result.exit_code == 0, result.exception
    report = json.loads(result.stdout)[str(file)]
    assert report["types"] == {type_: 1}
    (refused,) = report["rejected_examples"]
    assert (refused["reason"], refused["line_no"]) == (reason, 2)


def test_wrong_source_is_refused(tmp_path: Path) -> None:
    error = bring_in("segment", tmp_path, "--source", "a\nb").exception
    assert isinstance(error, CliError)
    assert error.code == 2
