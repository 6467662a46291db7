"""`touchline rebuild`: restore rows that ClickHouse has lost from Kafka."""

import asyncio
import json
import sys
import time

import click

from dashboards.terminal.consoles import progress_bar
from schemas.plural import counted
from touchline.cli.echo import echo
from touchline.cli.options import data_option, json_option
from touchline.errors import CliError
from touchline.local.discovery import settings_here
from touchline.ops.rebuild.report import TABLES, RebuildOptions
from touchline.ops.time_option import read_time_option


@click.command()
@click.option("--since", metavar="TIME", help="Read only records that reached Kafka at TIME or later.")
@click.option("--table", "tables", multiple=True, type=click.Choice(TABLES), help="Only this table (may be repeated).")
@click.option("--dry-run", is_flag=True, help="Report what is missing, change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@data_option
@json_option
def rebuild(
    since: str | None, tables: tuple[str, ...], dry_run: bool, yes: bool, data: str | None, as_json: bool
) -> None:
    """Restore from Kafka the rows that ClickHouse has lost, each once.

    Workers keep running but store nothing meanwhile. If `touchline up` is stopped, its Kafka and its engine run for as
    long as this takes. Exit code 1 if some rows cannot be restored.
    """
    since_ms = _past_ms(since, time.time_ns() // 1_000_000) if since is not None else None
    settings = settings_here(data)
    if not (yes or dry_run):
        _confirm()
    from touchline.local.stopped_folder import started
    from touchline.local.up import print_step
    from touchline.ops.rebuild.rebuild import rebuild as run

    options = RebuildOptions(tables or TABLES, since_ms, change=not dry_run)
    with started(settings, print_step) as addressed, progress_bar() as bar:
        task = bar.add_task("rebuild", total=None)

        def show(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total)

        report = asyncio.run(run(addressed, options, show))
    if as_json:
        echo(json.dumps(report.as_dict()))
    else:
        for table in sorted(report.rows, key=TABLES.index):
            done = "restored" if report.changed else "missing"
            echo(f"{table:<18} {counted(report.rows[table], 'row'):>17} {done}")
        for part in report.dropped_parts:
            echo(f"deleted the part {part}, which ClickHouse had detached: its rows are stored again")
    for sentence in report.beyond:
        echo(sentence, err=True)
    sys.exit(1 if report.beyond else 0)


def _past_ms(text: str, now_ms: int) -> int:
    """Return ms since 1970. Raises CliError unless the text is a time with a zone in the past."""
    since_ms = read_time_option("--since", text)
    if since_ms > now_ms:
        raise CliError(f"--since {text!r} is in the future: give the time since which rows are missing.", code=2)
    return max(0, since_ms)


def _confirm() -> None:
    """Ask for confirmation. Raises CliError without a terminal, and click's Abort if the answer is no."""
    if not sys.stdin or not sys.stdin.isatty():
        raise CliError("This changes the tables: add --yes, or --dry-run to see what is missing.", code=2)
    click.confirm("Workers store nothing until this has ended. Restore what is missing?", abort=True, err=True)
