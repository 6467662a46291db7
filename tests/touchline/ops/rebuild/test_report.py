"""Errors and reports of `touchline rebuild`, and the damage that a start reports."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from sinks.checks.missing_rows import MissingRows
from sinks.clickhouse.client import Address, connect
from sinks.rebuild.restore_reach import Unreachable
from touchline.errors import CliError
from touchline.local.up import print_damage
from touchline.ops.rebuild.report import TABLES, RebuildOptions, Report, describe_missing
from touchline.settings import read_settings
from touchline.worker.store_damage import describe_missing as describe_lack
from touchline.worker.store_damage import find_damage, warn_of_damage


def test_dry_run_counts_a_row_that_two_steps_find_once() -> None:
    dry, done = Report(changed=False), Report(changed=True)
    for report in (dry, done):
        report.add("profiles", 3)
        report.add("profiles", 2)
    assert (dry.rows, done.rows) == ({"profiles": 3}, {"profiles": 5})
    assert json.loads(json.dumps(done.as_dict()))["rows"] == {"profiles": 5}


_SINCE = datetime(2026, 10, 1, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("missing", "options", "sentence"),
    [
        (
            Unreachable(812, 40, _SINCE, 812),
            RebuildOptions(),
            "Beyond reach: 812 touches of 40 identifiers, the earliest of identifiers first seen at "
            "2026-10-01 09:30:00Z, are missing from `events`, and Kafka no longer has them: it begins at HERE.",
        ),
        (
            Unreachable(2, 1, _SINCE, 5),
            RebuildOptions(),
            "Beyond reach: 2 touches of 1 identifier and 3 without an identifier, the earliest",
        ),
        (Unreachable(0, 0, None, 3), RebuildOptions(), "Beyond reach: 3 touches are missing from `events`"),
        (
            Unreachable(0, 0, None, 3),
            RebuildOptions(since_ms=0),
            "Beyond --since: 3 touches are missing from `events` and came before 1970-01-01 00:00:00Z: run "
            "`touchline rebuild` without --since.",
        ),
        (
            Unreachable(0, 0, None, 3),
            RebuildOptions(["profiles"]),
            "3 touches are missing from `events`: run `touchline rebuild` without --table.",
        ),
    ],
)
def test_rows_that_cannot_be_restored_are_one_sentence(
    missing: Unreachable, options: RebuildOptions, sentence: str
) -> None:
    assert describe_missing(missing, "HERE", options).startswith(sentence)


def test_all_tables_are_listed() -> None:
    assert len(set(TABLES)) == len(TABLES) == 14


def test_missing_rows_are_one_sentence_with_advice() -> None:
    assert describe_lack([]) is None
    sentence = describe_lack([MissingRows("events", 6178, "touches"), MissingRows("profiles", 2, "identifiers")]) or ""
    assert sentence.startswith("Stored rows are missing (events lacks 6,178 touches, profiles lacks 2 identifiers): ")
    assert sentence.endswith("run `touchline audit` to see which profiles are affected, then `touchline rebuild`")


def test_damage_is_reported_at_every_start(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    new_database: Callable[..., Address],
    url: Callable[..., str],
) -> None:
    address = new_database()
    client = connect(address, "write")
    client.command("INSERT INTO touches_by_hour (tenant, touches) VALUES ('main', 3)")
    for table in ("touches_by_minute", "touches_by_day", "quality_by_hour"):
        client.command(f"INSERT INTO {table} (tenant, touches) VALUES ('main', 3)")
    client.command("INSERT INTO events (tenant, event_id) VALUES ('main', 'a')")
    ((part,),) = client.query(
        "SELECT name FROM system.parts WHERE database = currentDatabase() AND table = 'events' AND active"
    ).result_rows
    client.command(f"ALTER TABLE events DETACH PART '{part}'")
    client.close()
    monkeypatch.setenv("TOUCHLINE_CLICKHOUSE", url(address))
    damage = find_damage(read_settings())
    assert damage.as_dict() == {
        "set_aside": [f"events/{part}"],
        "missing": [{"table": "events", "count": 3, "what": "touches"}],
    }
    set_aside, missing = damage.sentences()
    print_damage(read_settings())
    assert capsys.readouterr().err.splitlines() == [set_aside, missing]
    warn_of_damage(read_settings())
    assert [record.getMessage() for record in caplog.records] == [set_aside, missing]


def test_start_continues_when_the_store_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOUCHLINE_CLICKHOUSE", "http://u:secret@127.0.0.1:1/t")
    with pytest.raises(CliError, match="cannot be reached"):
        find_damage(read_settings())
    warn_of_damage(read_settings())
    print_damage(read_settings())
