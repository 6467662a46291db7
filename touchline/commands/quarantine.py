"""`touchline quarantine`: what could not be read, and sending it through again under its first coordinates."""

import json
from pathlib import Path

import click

from touchline.commands.options import data_option, json_option
from touchline.echo import echo
from touchline.errors import Trouble
from touchline.where import open_reader, settings_here

_reason = click.option("--reason", help="Only this reason.")
_since = click.option("--since", help="Only what came since then, such as 2026-01-31T09:30:00Z.")
_limit = click.option("--limit", default=50, show_default=True, help="At most so many.")


@click.group()
def quarantine() -> None:
    """What could not be read, as it came."""


@quarantine.command("list")
@_reason
@_since
@_limit
@click.option("--all", "also_mended", is_flag=True, help="Also what has come through since.")
@data_option
@json_option
def list_(
    reason: str | None, since: str | None, limit: int, also_mended: bool, data: str | None, as_json: bool
) -> None:
    """What waits in the quarantine, newest first."""
    from dashboards import terminal
    from touchline.replay import find

    found = find(open_reader(settings_here(data)), reason, since, limit, also_mended)
    terminal.show(terminal.quarantine_table(found), found, as_json)


@quarantine.command("show")
@click.argument("place", metavar="TOPIC/PARTITION/OFFSET")
@data_option
def show(place: str, data: str | None) -> None:
    """The original bytes of one record, as they came."""
    from touchline.replay import original_of

    click.get_binary_stream("stdout").write(original_of(open_reader(settings_here(data)), place))


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
@data_option
@json_option
def replay(
    places: tuple[str, ...],
    reason: str | None,
    since: str | None,
    limit: int,
    edited: Path | None,
    data: str | None,
    as_json: bool,
) -> None:
    """Send the original bytes through again. An id that was derived comes out the same, so nothing counts twice."""
    from touchline.replay import find, raw_places, replay_all

    if edited and len(places) != 1:
        raise Trouble("--file goes with exactly one TOPIC/PARTITION/OFFSET.", code=2)
    if not (places or reason or since):
        raise Trouble("Say what to send again: places, --reason or --since.", code=2)
    settings = settings_here(data)
    client = open_reader(settings)
    chosen = list(places) or raw_places(settings, find(client, reason, since, limit, False))
    sent = replay_all(settings, client, chosen, edited.read_bytes() if edited else None)
    echo(json.dumps({"sent": sent}) if as_json else f"{sent} records sent again.")
