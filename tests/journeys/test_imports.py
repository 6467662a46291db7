"""Files come in by the command line, and again: only what is new is added."""

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
def test_again_longer_and_renamed(living: Site, tmp_path: Path, command: str) -> None:
    name, options = COMMANDS[command]
    short = tmp_path / f"{command}.gz"
    short.write_bytes(gzip.compress(read_lines(name, LINES)))
    longer = tmp_path / "of-another-name.txt"
    longer.write_bytes(read_lines(name, MORE))

    def bring_in(file: str, stdin: bytes | None = None) -> int:
        """How many touches the import sent, once they have arrived."""
        report = living.ask("import", command, file, *options, stdin=stdin)[file]
        assert report["read"] == sum(sum(report[key].values()) for key in ("emitted", "skipped", "rejected"))
        living.wait_drained()
        return int(sum(report["emitted"].values()))

    before = living.count("events")
    sent = bring_in(str(short))
    assert sent > 10
    assert living.count("events") - before == sent

    assert bring_in("-", stdin=short.read_bytes()) == sent
    assert living.count("events") - before == sent, "the same file again adds nothing"

    all_sent = bring_in(str(longer))
    assert all_sent > sent
    assert living.count("events") - before == all_sent, "a longer file adds what is new"


def test_dry_run_sends_nothing(living: Site, tmp_path: Path) -> None:
    before = living.count("events")
    file = tmp_path / "calls.tsv"
    file.write_bytes(read_lines(CALL_LOG, LINES).replace(b"98", b"97"))
    report = living.ask("import", "calls", str(file), "--dry-run")[str(file)]
    assert report["emitted"]["calls"] > 10
    living.wait_drained()
    assert living.count("events") == before


def test_touches_of_an_access_log_have_the_given_tenant(living: Site, tmp_path: Path) -> None:
    file = tmp_path / "access.log"
    file.write_bytes(read_lines(ACCESS_LOG, LINES))
    options = ("--site", SITE, "--tenant", "imported-log")
    report = living.ask("import", "access-log", str(file), *options)[str(file)]
    living.wait_drained()
    assert report["emitted"]["visits"] > 10
    assert living.count("events WHERE tenant = 'imported-log'") == report["emitted"]["visits"]


CALLS = """calldate,src,disposition
2026-11-28 10:00:00,+4930901841,ANSWERED
2026-11-28 10:05:00,+4930901841,NO ANSWER
"""
OPTIONS = ("--preset", "asterisk", "--set", "direction=inbound", "--zone", "Europe/Berlin")


def test_a_table_comes_in_whole_or_not_at_all(living: Site, tmp_path: Path) -> None:
    file = tmp_path / "Master.csv"
    file.write_text(CALLS.replace("NO ANSWER", "UNHEARD OF"))
    before = living.count("events")
    refused = living.run("import", "csv", str(file), *OPTIONS)
    assert refused.returncode == 3
    assert "calls have no type 'UNHEARD OF'" in refused.stderr
    living.wait_drained()
    assert living.count("events") == before

    file.write_text(CALLS)
    for _ in range(2):
        report = living.ask("import", "csv", str(file), *OPTIONS)[str(file)]
        assert report["types"] == {"calls/answered": 1, "calls/missed": 1}
        living.wait_drained()
        assert living.count("events") == before + 2, "the same table again adds nothing"

    piped = living.ask("import", "csv", "-", *OPTIONS, stdin=CALLS.encode() + CALLS.splitlines()[1].encode())["-"]
    assert piped["emitted"] == {"calls": 3}
    living.wait_drained()
    assert living.count("events") == before + 3, "an equal row more is one touch more"
