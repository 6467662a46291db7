"""`touchline quarantine`: list, show and replay records that could not be read."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from schemas.plural import counted
from schemas.rejected import Reason
from touchline.cli.command_group import SuggestingGroup
from touchline.cli.echo import echo
from touchline.cli.options import data_option, json_option
from touchline.errors import CliError
from touchline.local.discovery import open_reader, settings_here

if TYPE_CHECKING:
    from touchline.ops.replay import Replay

MAX_LINES: Final = 20  # about single records

_reason = click.option(
    "--reason",
    type=click.Choice([reason.value for reason in Reason]),
    metavar="REASON",
    help="Only this reason, such as unknown_type.",
)
_since = click.option("--since", help="Only records received since then, such as 2026-01-31T09:30:00Z.")
_limit = click.option("--limit", default=50, show_default=True, help="Maximum number of records.")


@click.group(cls=SuggestingGroup)
def quarantine() -> None:
    """List, show and replay records that could not be read."""


@quarantine.command("list")
@_reason
@_since
@_limit
@click.option("--all", "also_accepted", is_flag=True, help="Also records that have been accepted since.")
@data_option
@json_option
def list_(
    reason: str | None, since: str | None, limit: int, also_accepted: bool, data: str | None, as_json: bool
) -> None:
    """List the records of the quarantine, newest first."""
    from dashboards.terminal import views
    from touchline.ops.replay import find

    found = find(open_reader(settings_here(data)), reason, since, limit, also_accepted)
    views.show(views.quarantine_table(found), found, as_json)


@quarantine.command("show")
@click.argument("origin", metavar="TOPIC/PARTITION/OFFSET")
@click.option("--sent-again", is_flag=True, help="The bytes that were last sent again and refused.")
@data_option
def show(origin: str, sent_again: bool, data: str | None) -> None:
    """Print the original bytes of one record. In a terminal, control characters are escaped."""
    from touchline.ops.replay import original_of

    found = original_of(open_reader(settings_here(data)), origin, sent_again)
    if sys.stdout.isatty():
        echo(found.decode("utf-8", "backslashreplace"))
    else:
        click.get_binary_stream("stdout").write(found)


@quarantine.command("replay")
@click.argument("origins", nargs=-1, metavar="[TOPIC/PARTITION/OFFSET]...")
@_reason
@_since
@click.option("--limit", default=100_000, show_default=True, help="Maximum number of records.")
@click.option(
    "--file",
    "corrected",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Send the bytes of this file instead, for one record.",
)
@click.option("--no-wait", is_flag=True, help="Do not wait for the result.")
@data_option
@json_option
def replay_(
    origins: tuple[str, ...],
    reason: str | None,
    since: str | None,
    limit: int,
    corrected: Path | None,
    no_wait: bool,
    data: str | None,
    as_json: bool,
) -> None:
    """Send original bytes to intake again. Derived event ids stay the same, so nothing counts twice.

    Exit code 3 if all records are refused again.
    """
    from touchline.ops.replay import find, replay

    if corrected and len(origins) != 1:
        raise CliError("--file needs exactly one TOPIC/PARTITION/OFFSET.", code=2)
    if not (origins or reason or since):
        raise CliError("Choose what to send again: TOPIC/PARTITION/OFFSET, --reason or --since.", code=2)
    settings = settings_here(data)
    client = open_reader(settings)
    wanted = list(dict.fromkeys(origins)) or [one.place for one in find(client, reason, since, limit, False)]
    done = replay(settings, client, wanted, corrected.read_bytes() if corrected else None, not no_wait)
    if origins and not done.sent:
        raise CliError(" ".join(done.skipped.values()), code=1)
    if as_json:
        echo(json.dumps(_as_dict(done)))
    else:
        _print(done)
    verdicts = done.verdicts
    sys.exit(3 if verdicts and verdicts.refused and not (verdicts.accepted or verdicts.waiting) else 0)


def _as_dict(done: "Replay") -> dict[str, object]:
    found: dict[str, object] = {"sent": len(done.sent), "skipped": done.skipped}
    if done.verdicts is not None:
        found["accepted"] = len(done.verdicts.accepted)
        found["refused"] = [asdict(one) for one in done.verdicts.refused]
        found["waiting"] = list(done.verdicts.waiting)
    return found


def _print(done: "Replay") -> None:
    echo(f"{counted(len(done.sent), 'record')} sent again.")
    _list([f"skipped: {why}" for why in done.skipped.values()])
    if done.verdicts is None:
        return
    if accepted := done.verdicts.accepted:
        echo(f"{counted(len(accepted), 'record')} accepted.")
    if refused := done.verdicts.refused:
        echo(f"{counted(len(refused), 'record')} refused again:")
        _list([f"{one.place}  {one.reason}  {one.detail}" for one in refused])
    if waiting := done.verdicts.waiting:
        echo(f"{counted(len(waiting), 'record')} not processed yet: see in `touchline status` whether a worker runs.")
        echo("  Records that are refused again appear in `touchline quarantine list`.")


def _list(lines: list[str]) -> None:
    for line in lines[:MAX_LINES]:
        echo(f"  {line}")
    if len(lines) > MAX_LINES:
        echo(f"  and {len(lines) - MAX_LINES:,} more")
