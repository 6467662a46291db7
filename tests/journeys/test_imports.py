"""Files are imported by command, and a repeated import adds only what is new."""

import gzip
from pathlib import Path

import pytest

from sources.recordings import ACCESS_LOG, CALL_LOG, MAIL_LOG, SITE, recording
from tests.journeys.site import Site

LINES, MORE = 150, 200
COMMANDS = {
    "access-log": (ACCESS_LOG, ["--site", SITE]),
    "calls": (CALL_LOG, []),
    "emails": (MAIL_LOG, ["--start", "2004-01-01T00:00:00Z"]),
}


def read_lines(name: str, count: int) -> bytes:
    with gzip.open(recording(name)) as file:
        return b"".join(line for line, _ in zip(file, range(count), strict=False))


@pytest.mark.parametrize("command", COMMANDS)
def test_repeated_longer_and_renamed_files_add_only_new_touches(
    running_site: Site, tmp_path: Path, command: str
) -> None:
    name, options = COMMANDS[command]
    short = tmp_path / f"{command}.gz"
    short.write_bytes(gzip.compress(read_lines(name, LINES)))
    longer = tmp_path / "of-another-name.txt"
    longer.write_bytes(read_lines(name, MORE))

    def import_file(file: str, stdin: bytes | None = None) -> int:
        """Import a file, wait for its touches, and return how many were sent."""
        report = running_site.run_json("import", command, file, *options, stdin=stdin)[file]
        assert report["read"] == sum(sum(report[key].values()) for key in ("emitted", "skipped", "rejected"))
        running_site.wait_drained()
        return int(sum(report["emitted"].values()))

    before = running_site.count("events")
    sent = import_file(str(short))
    assert sent > 10
    assert running_site.count("events") - before == sent

    assert import_file("-", stdin=short.read_bytes()) == sent
    assert running_site.count("events") - before == sent, "a repeated import adds nothing"

    all_sent = import_file(str(longer))
    assert all_sent > sent
    assert running_site.count("events") - before == all_sent, "a longer file adds only its new lines"


def test_dry_run_sends_nothing(running_site: Site, tmp_path: Path) -> None:
    before = running_site.count("events")
    file = tmp_path / "calls.tsv"
    file.write_bytes(read_lines(CALL_LOG, LINES).replace(b"98", b"97"))
    report = running_site.run_json("import", "calls", str(file), "--dry-run")[str(file)]
    assert report["emitted"]["calls"] > 10
    running_site.wait_drained()
    assert running_site.count("events") == before


def test_touches_of_an_access_log_have_the_given_tenant(running_site: Site, tmp_path: Path) -> None:
    file = tmp_path / "access.log"
    file.write_bytes(read_lines(ACCESS_LOG, LINES))
    options = ("--site", SITE, "--tenant", "imported-log")
    report = running_site.run_json("import", "access-log", str(file), *options)[str(file)]
    running_site.wait_drained()
    assert report["emitted"]["visits"] > 10
    assert running_site.count("events WHERE tenant = 'imported-log'") == report["emitted"]["visits"]


CALLS = """calldate,src,disposition
2026-11-28 10:00:00,+4930901841,ANSWERED
2026-11-28 10:05:00,+4930901841,NO ANSWER
"""
OPTIONS = ("--preset", "asterisk", "--set", "direction=inbound", "--zone", "Europe/Berlin")


def test_a_table_is_imported_completely_or_not_at_all(running_site: Site, tmp_path: Path) -> None:
    file = tmp_path / "Master.csv"
    file.write_text(CALLS.replace("NO ANSWER", "UNHEARD OF"))
    before = running_site.count("events")
    refused = running_site.run("import", "csv", str(file), *OPTIONS)
    assert refused.returncode == 3
    assert "calls have no type 'UNHEARD OF'" in refused.stderr
    running_site.wait_drained()
    assert running_site.count("events") == before

    file.write_text(CALLS)
    for _ in range(2):
        report = running_site.run_json("import", "csv", str(file), *OPTIONS)[str(file)]
        assert report["types"] == {"calls/answered": 1, "calls/missed": 1}
        running_site.wait_drained()
        assert running_site.count("events") == before + 2, "a repeated import of a table adds nothing"

    piped = running_site.run_json(
        "import", "csv", "-", *OPTIONS, stdin=CALLS.encode() + CALLS.splitlines()[1].encode()
    )["-"]
    assert piped["emitted"] == {"calls": 3}
    running_site.wait_drained()
    assert running_site.count("events") == before + 3, "an additional equal row is an additional touch"
