"""Errors of each command: one sentence and an exit code."""

import json
from pathlib import Path

import click
import pytest

from tests.tables import table
from tests.touchline.cli.running import NOT_WORKING, WRONG_USE, run
from touchline.cli.main import cli
from touchline.errors import CliError


def error_of(*arguments: str) -> CliError:
    """Return the error that ends a command."""
    error = run(*arguments).exception
    assert isinstance(error, CliError), error
    return error


def commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], click.Command]]:
    """Return every command with the words that call it."""
    found = []
    for name, command in group.commands.items():
        found += commands(command, (*path, name)) if isinstance(command, click.Group) else [((*path, name), command)]
    return found


COMMANDS = commands(cli)


@table("path", [path for path, _ in COMMANDS])
def test_every_command_has_a_help_page(path: tuple[str, ...]) -> None:
    done = run(*path, "--help")
    assert done.exit_code == 0
    assert done.output.startswith(f"Usage: cli {' '.join(path)}")


@table(("path", "command"), COMMANDS)
def test_every_option_that_is_not_obvious_is_explained(path: tuple[str, ...], command: click.Command) -> None:
    assert command.help
    options = [one for one in command.params if isinstance(one, click.Option)]
    plain = {"--channel", "--limit", "--delimiter"}
    assert not [one.opts[0] for one in options if not one.help and not plain.intersection(one.opts)]


@pytest.mark.parametrize(
    ("line", "sentence", "code"),
    [
        ("worker --stages intake,sell", "the stages are intake, engage, store", WRONG_USE),
        ("worker --stages ,", "the stages are intake, engage, store", WRONG_USE),
        ("worker", "No Kafka: set TOUCHLINE_KAFKA=host:port, or use `touchline up`", NOT_WORKING),
        ("migrate", "No ClickHouse: start `touchline up`", NOT_WORKING),
        ("profile ada@example.org", "No ClickHouse: start `touchline up`", NOT_WORKING),
        ("timeline ada@example.org", "No ClickHouse: start `touchline up`", NOT_WORKING),
        ("explain ada@example.org", "No ClickHouse: start `touchline up`", NOT_WORKING),
        ("consent ada@example.org", "No ClickHouse: start `touchline up`", NOT_WORKING),
        ("top", "No ClickHouse: start `touchline up`", NOT_WORKING),
        ("audit", "No ClickHouse: start `touchline up`", NOT_WORKING),
        ("quarantine list", "No ClickHouse: start `touchline up`", NOT_WORKING),
        ("quarantine show visits/0/0", "No ClickHouse: start `touchline up`", NOT_WORKING),
        ("quarantine replay visits/0/0", "No ClickHouse: start `touchline up`", NOT_WORKING),
        ("quarantine replay", "Choose what to send again: TOPIC/PARTITION/OFFSET, --reason or --since.", WRONG_USE),
        ("quarantine replay a/0/0 b/0/0 --file FILE", "--file needs exactly one", WRONG_USE),
        ("identity show 42", "No ClickHouse: start `touchline up`", NOT_WORKING),
        (
            "identity unlink customer_id:42",
            "customer_id:42 would be separated from all other identifiers: give",
            WRONG_USE,
        ),
        ("identity unlink customer_id:42 --yes", "No Kafka: start `touchline up`", NOT_WORKING),
        ("identity unlink customer_id:42 --undo", "No Kafka: start `touchline up`", NOT_WORKING),
        ("identity unlink phone:+4930901820 customer_id:42", "No Kafka: start `touchline up`", NOT_WORKING),
        ("identity unlink 42", "write it as namespace:value", WRONG_USE),
        (
            "identity unlink email:nobody",
            "its email is no address of the form name@domain.",
            WRONG_USE,
        ),
        ("identity unlink customer_id:42 master_id:", "not an identifier: its master_id is a word for no", WRONG_USE),
        ("identity join customer_id:1 --master null", "its master_id is a word for no value.", WRONG_USE),
        (
            "identity join master_id:m --master m",
            "master_id:m cannot claim master_id:m: only the stronger claims",
            WRONG_USE,
        ),
        ("identity join customer_id:1 customer_id:2 --master m", "No Kafka: start `touchline up`", NOT_WORKING),
        ("import calls FILE", "No Kafka: start `touchline up`", NOT_WORKING),
        ("import calls FILE --zone Europe/Nowhere --dry-run", "Europe/Nowhere", WRONG_USE),
        ("import emails FILE --start yesterday", "--start 'yesterday' is not a time such as", WRONG_USE),
        ("import emails FILE --start 2004-01-01", "needs a time zone", WRONG_USE),
        ("import access-log FILE --site example.com --dry-run", "example.com", WRONG_USE),
        ("import csv FILE --channel calls --map nothing", "--map 'nothing' is not of the form", WRONG_USE),
        ("import csv FILE --channel calls --set =x", "--set '=x' is not of the form", WRONG_USE),
        ("import calls /nowhere/calls.tsv --dry-run", "/nowhere/calls.tsv", 1),
        ("rules /nowhere/rules.toml", "/nowhere/rules.toml", NOT_WORKING),
        ("rules FILE", "FILE:1: ", NOT_WORKING),
    ],
)
def test_one_sentence_and_an_exit_code(tmp_path: Path, line: str, sentence: str, code: int) -> None:
    file = tmp_path / "some.txt"
    file.write_text("neither rules nor a log\n")
    found = error_of(*line.replace("FILE", str(file)).split())
    assert sentence.replace("FILE", str(file)) in str(found)
    assert found.code == code
    assert "\n" not in str(found)


@pytest.mark.parametrize(
    "line",
    [
        "sell",
        "schema letters",
        "import csv",
        "identity join customer_id:1",
        "top --channel letters",
        "top --limit x",
        "top --tenant a|b",
        "profile 42 --tenant Shop",
        "identity unlink customer_id:42 customer_id:43 --tenant a|b",
        "identity unlink customer_id:42 --yes --tenant \u202e",
        "identity join customer_id:1 --master m --tenant a:b",
        "identity show 1 --tenant=",
    ],
)
def test_usage_errors_of_click_have_exit_code_2(line: str) -> None:
    assert run(*line.split()).exit_code == WRONG_USE


def test_dry_run_needs_no_kafka() -> None:
    touch = {"type": "missed", "occurred_at": "2026-01-31T09:30:00Z", "direction": "inbound", "phone": "+4930901820"}
    done = run("import", "jsonl", "-", "--channel", "calls", "--dry-run", "--json", stdin=json.dumps(touch) + "\nno\n")
    assert done.exit_code == 0
    (report,) = json.loads(done.stdout).values()
    assert (report["read"], report["emitted"], sum(report["rejected"].values())) == (2, {"calls": 1}, 1)
