"""What a person can get wrong with `touchline rebuild`, and what it says when something is away."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from sinks.checks.missing_rows import Missing
from sinks.clickhouse.client import Address, connect
from sinks.rebuild.restore_reach import Unreachable
from touchline.cli.rebuild import rebuild
from touchline.errors import CliError
from touchline.local.up import tell_damage
from touchline.ops.rebuild.report import TABLES, Report, Wanted, describe_missing
from touchline.ops.store_check import describe_missing as describe_lack
from touchline.ops.store_check import look_at_store, warn_of_damage
from touchline.settings import read_settings


def refusal(*words: str) -> CliError:
    """What the command ends with."""
    error = CliRunner().invoke(rebuild, list(words)).exception
    assert isinstance(error, CliError), error
    return error


@pytest.mark.parametrize(
    ("since", "why"),
    [
        ("yesterday", "is not a time such as 2026-01-31T09:30:00Z."),
        ("", "is not a time such as"),
        ("1790000000000", "is not a time such as"),
        ("2026-02-30T00:00:00Z", "is not a time such as"),
        ("2026-01-31T25:00:00Z", "is not a time such as"),
        ("2026-01-31", "needs its zone: add Z for UTC."),
        ("2026-01-31T09:30:00", "needs its zone"),
        ("2999-01-01T00:00:00Z", "is in the future"),
        ("2999-01-01T00:00:00+02:00", "is in the future"),
    ],
)
def test_a_wrong_time_is_one_sentence(since: str, why: str) -> None:
    error = refusal("--yes", "--since", since)
    assert error.code == 2
    assert str(error).startswith("--since ")
    assert why in str(error)


def test_an_unknown_table_is_a_wrong_command_line() -> None:
    done = CliRunner().invoke(rebuild, ["--yes", "--table", "visits"])
    assert done.exit_code == 2
    assert "touches_by_minute" in done.output


def test_rebuild_without_a_terminal_needs_yes() -> None:
    error = refusal()
    assert error.code == 2
    assert "add --yes, or --dry-run" in str(error)


@pytest.mark.parametrize(
    ("kafka", "code", "said"),
    [
        ("", 78, "No Kafka: start `touchline up` on "),
        ("127.0.0.1:1", 1, "Kafka at 127.0.0.1:1 does not answer: start it"),
    ],
)
def test_a_kafka_that_is_away_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, kafka: str, code: int, said: str
) -> None:
    monkeypatch.setenv("TOUCHLINE_KAFKA", kafka)
    error = refusal("--yes")
    assert error.code == code
    assert str(error).startswith(said)


@pytest.mark.parametrize(
    ("clickhouse", "code", "said"),
    [
        ("", 78, "No ClickHouse: start `touchline up` on "),
        ("127.0.0.1:8123", 78, "TOUCHLINE_CLICKHOUSE: a ClickHouse address begins with http"),
        ("http://u:secret@127.0.0.1:1/t", 1, "ClickHouse at 127.0.0.1:1 cannot be reached: start it"),
    ],
)
def test_a_clickhouse_that_is_away_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, kafka: str, clickhouse: str, code: int, said: str
) -> None:
    monkeypatch.setenv("TOUCHLINE_KAFKA", kafka)
    monkeypatch.setenv("TOUCHLINE_CLICKHOUSE", clickhouse)
    error = refusal("--yes")
    assert error.code == code
    assert str(error).startswith(said)
    assert "secret" not in str(error)


def test_a_dry_run_may_find_a_row_in_two_ways_and_counts_it_once() -> None:
    looked, done = Report(changed=False), Report(changed=True)
    for report in (looked, done):
        report.add("profiles", 3)
        report.add("profiles", 2)
    assert (looked.rows, done.rows) == ({"profiles": 3}, {"profiles": 5})
    assert json.loads(json.dumps(done.as_dict()))["rows"] == {"profiles": 5}


_SINCE = datetime(2026, 10, 1, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("missing", "wanted", "said"),
    [
        (
            Unreachable(812, 40, _SINCE, 812),
            Wanted(),
            "Beyond reach: 812 touches of 40 identifiers, the earliest of identifiers first seen at "
            "2026-10-01 09:30:00Z, are missing from `events`, and Kafka does not have them any more: it begins at "
            "HERE.",
        ),
        (
            Unreachable(2, 1, _SINCE, 5),
            Wanted(),
            "Beyond reach: 2 touches of 1 identifier and 3 without an identifier, the earliest",
        ),
        (Unreachable(0, 0, None, 3), Wanted(), "Beyond reach: 3 touches are missing from `events`"),
        (
            Unreachable(0, 0, None, 3),
            Wanted(since_ms=0),
            "Beyond --since: 3 touches are missing from `events` and came before 1970-01-01 00:00:00Z: run "
            "`touchline rebuild` without --since.",
        ),
        (
            Unreachable(0, 0, None, 3),
            Wanted(["profiles"]),
            "3 touches are missing from `events`: run `touchline rebuild` without --table.",
        ),
    ],
)
def test_rows_beyond_reach_are_one_sentence(missing: Unreachable, wanted: Wanted, said: str) -> None:
    assert describe_missing(missing, "HERE", wanted).startswith(said)


def test_all_tables_are_named_in_the_order_in_which_they_are_shown() -> None:
    assert len(set(TABLES)) == len(TABLES) == 9


def test_missing_rows_are_one_sentence_with_advice() -> None:
    assert describe_lack([]) is None
    said = describe_lack([Missing("events", 6178, "touches"), Missing("profiles", 2, "identifiers")]) or ""
    assert said.startswith(
        "Rows that were stored are missing (events lacks 6,178 touches, profiles lacks 2 identifiers): "
    )
    assert said.endswith("run `touchline audit` to see which profiles that concerns, then `touchline rebuild`")


def test_damage_is_named_at_every_start(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    new_database: Callable[..., Address],
    url: Callable[..., str],
) -> None:
    address = new_database()
    client = connect(address, "write")
    client.command("INSERT INTO touches_by_hour (tenant, touches) VALUES ('main', 3)")
    client.command("INSERT INTO touches_by_minute (tenant, touches) VALUES ('main', 3)")
    client.command("INSERT INTO events (tenant, event_id) VALUES ('main', 'a')")
    ((part,),) = client.query(
        "SELECT name FROM system.parts WHERE database = currentDatabase() AND table = 'events' AND active"
    ).result_rows
    client.command(f"ALTER TABLE events DETACH PART '{part}'")
    client.close()
    monkeypatch.setenv("TOUCHLINE_CLICKHOUSE", url(address))
    damage = look_at_store(read_settings())
    assert damage.as_dict() == {
        "set_aside": [f"events/{part}"],
        "missing": [{"table": "events", "count": 3, "what": "touches"}],
    }
    set_aside, missing = damage.sentences()
    tell_damage(read_settings())
    assert capsys.readouterr().err.splitlines() == [set_aside, missing]
    warn_of_damage(read_settings())
    assert [record.getMessage() for record in caplog.records] == [set_aside, missing]


def test_a_store_that_does_not_answer_cannot_be_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOUCHLINE_CLICKHOUSE", "http://u:secret@127.0.0.1:1/t")
    with pytest.raises(CliError, match="cannot be reached"):
        look_at_store(read_settings())
    warn_of_damage(read_settings())  # the start goes on
    tell_damage(read_settings())
