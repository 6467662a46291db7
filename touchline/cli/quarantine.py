"""`touchline quarantine`: what could not be read, and sending it through again under its first coordinates."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from schemas.rejected import Reason
from touchline.cli.command_group import SuggestingGroup
from touchline.cli.echo import echo
from touchline.cli.options import data_option, json_option
from touchline.errors import CliError
from touchline.local.discovery import open_reader, settings_here

if TYPE_CHECKING:
    from touchline.ops.replay import Replay

SHOWN: Final = 20  # lines about single records

_reason = click.option(
    "--reason", type=click.Choice(list(Reason)), metavar="REASON", help="Only this reason, such as unknown_type."
)
_since = click.option("--since", help="Only what came since then, such as 2026-01-31T09:30:00Z.")
_limit = click.option("--limit", default=50, show_default=True, help="At most so many.")


@click.group(cls=SuggestingGroup)
def quarantine() -> None:
    """What could not be read, as it came."""


@quarantine.command("list")
@_reason
@_since
@_limit
@click.option("--all", "also_accepted", is_flag=True, help="Also what has come through since.")
@data_option
@json_option
def list_(
    reason: str | None, since: str | None, limit: int, also_accepted: bool, data: str | None, as_json: bool
) -> None:
    """What waits in the quarantine, newest first."""
    from dashboards.terminal import views
    from touchline.ops.replay import find

    found = find(open_reader(settings_here(data)), reason, since, limit, also_accepted)
    views.show(views.quarantine_table(found), found, as_json)


@quarantine.command("show")
@click.argument("place", metavar="TOPIC/PARTITION/OFFSET")
@click.option("--sent-again", is_flag=True, help="The record that was last sent again for PLACE and refused.")
@data_option
def show(place: str, sent_again: bool, data: str | None) -> None:
    """The original bytes of one record, as they came; in a terminal, with escapes for what it would act on."""
    from touchline.ops.replay import original_of

    found = original_of(open_reader(settings_here(data)), place, sent_again)
    if sys.stdout.isatty():
        echo(found.decode("utf-8", "backslashreplace"))
    else:
        click.get_binary_stream("stdout").write(found)


@quarantine.command("replay")
@click.argument("places", nargs=-1, metavar="[TOPIC/PARTITION/OFFSET]...")
@_reason
@_since
@click.option("--limit", default=100_000, show_default=True, help="At most so many.")
@click.option(
    "--file",
    "edited",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Send these bytes instead (one place).",
)
@click.option("--no-wait", is_flag=True, help="Do not wait for the result.")
@data_option
@json_option
def replay_(
    places: tuple[str, ...],
    reason: str | None,
    since: str | None,
    limit: int,
    edited: Path | None,
    no_wait: bool,
    data: str | None,
    as_json: bool,
) -> None:
    """Send the original bytes through again. An id that was derived comes out the same, so nothing counts twice.

    Exit code 3 if all of them are refused again.
    """
    from touchline.ops.replay import find, replay

    if edited and len(places) != 1:
        raise CliError("--file goes with exactly one TOPIC/PARTITION/OFFSET.", code=2)
    if not (places or reason or since):
        raise CliError("Say what to send again: places, --reason or --since.", code=2)
    settings = settings_here(data)
    client = open_reader(settings)
    wanted = list(dict.fromkeys(places)) or [one.place for one in find(client, reason, since, limit, False)]
    done = replay(settings, client, wanted, edited.read_bytes() if edited else None, not no_wait)
    if places and not done.sent:
        raise CliError(" ".join(done.skipped.values()), code=1)
    if as_json:
        echo(json.dumps(_as_dict(done)))
    else:
        _tell(done)
    verdicts = done.verdicts
    sys.exit(3 if verdicts and verdicts.refused and not (verdicts.accepted or verdicts.waiting) else 0)


def _as_dict(done: "Replay") -> dict[str, object]:
    found: dict[str, object] = {"sent": len(done.sent), "skipped": done.skipped}
    if done.verdicts is not None:
        found["accepted"] = len(done.verdicts.accepted)
        found["refused"] = [asdict(one) for one in done.verdicts.refused]
        found["waiting"] = list(done.verdicts.waiting)
    return found


def _tell(done: "Replay") -> None:
    echo(f"{_records(len(done.sent))} sent again.")
    _list([f"skipped: {why}" for why in done.skipped.values()])
    if done.verdicts is None:
        return
    if accepted := done.verdicts.accepted:
        echo(f"{_records(len(accepted))} accepted.")
    if refused := done.verdicts.refused:
        echo(f"{_records(len(refused))} refused again:")
        _list([f"{one.place}  {one.reason}  {one.detail}" for one in refused])
    if waiting := done.verdicts.waiting:
        echo(f"{_records(len(waiting))} not read yet: is a worker running?")
        echo("  What is refused again is shown by `touchline quarantine list`.")


def _list(lines: list[str]) -> None:
    for line in lines[:SHOWN]:
        echo(f"  {line}")
    if len(lines) > SHOWN:
        echo(f"  and {len(lines) - SHOWN:,} more")


def _records(count: int) -> str:
    return f"{count:,} record" if count == 1 else f"{count:,} records"
