"""`touchline key`: create, list and revoke the collector's write keys."""

import json
from typing import Any

import click
import msgspec
from rich.console import RenderableType
from rich.text import Text

from schemas.channels import CHANNELS
from sources.collector.keys.entry import KeyEntry
from touchline.cli.command_group import SuggestingGroup
from touchline.cli.echo import echo
from touchline.cli.options import data_option, json_option, tenant_option
from touchline.local.discovery import settings_here


@click.group(cls=SuggestingGroup)
def key() -> None:
    """Create, list or revoke the write keys with which clients send touches to the collector."""


@key.command("create")
@click.option("--source", required=True, help="Source of the touches that are sent with the key, such as shop.")
@tenant_option
@click.option(
    "--channel", "channels", multiple=True, type=click.Choice(sorted(CHANNELS)), help="Only this channel; repeatable."
)
@click.option(
    "--origin",
    "origins",
    multiple=True,
    help="Only pages of this origin, such as https://shop.example.org or *.example.org; repeatable.",
)
@click.option("--rate", default=0, type=click.IntRange(min=0), help="Most touches a second; 0: no limit.")
@click.option(
    "--existing", default="", metavar="KEY", help="Take this key, which clients have already, instead of a new one."
)
@data_option
@json_option
def create(
    source: str,
    tenant: str,
    channels: tuple[str, ...],
    origins: tuple[str, ...],
    rate: int,
    existing: str,
    data: str | None,
    as_json: bool,
) -> None:
    """Create a write key and print it. It is shown this once, because only its hash is stored."""
    from touchline.ops.query_context import now_ms
    from touchline.ops.write_keys import KeyRequest, create_key

    request = KeyRequest(source, tenant, channels, origins, rate, existing)
    made, entry = create_key(settings_here(data), request, now_ms())
    if as_json:
        echo(json.dumps({"key": made, **_as_dict(entry)}))
        return
    echo(made)
    echo(
        f"This is the write key {entry.key_id} of source {entry.source}. Keep it: it is not shown again. "
        f"`touchline key revoke {entry.key_id}` revokes it.",
        err=True,
    )


@key.command("list")
@data_option
@json_option
def list_(data: str | None, as_json: bool) -> None:
    """List all write keys by their ids, the oldest first."""
    from dashboards.terminal import views
    from touchline.ops.write_keys import list_keys

    found = list_keys(settings_here(data))
    views.show(_table(found), [_as_dict(entry) for entry in found], as_json)


@key.command("revoke")
@click.argument("named", metavar="KEY_ID|KEY")
@data_option
@json_option
def revoke(named: str, data: str | None, as_json: bool) -> None:
    """Revoke a write key on all collectors within seconds. It cannot be undone: create another key."""
    from touchline.ops.write_keys import revoke_key

    entry = revoke_key(settings_here(data), named)
    echo(
        json.dumps(_as_dict(entry)) if as_json else f"The write key {entry.key_id} of source {entry.source} is revoked."
    )


def _as_dict(entry: KeyEntry) -> dict[str, Any]:
    return dict(msgspec.to_builtins(entry))


def _table(entries: list[KeyEntry]) -> RenderableType:
    from dashboards.terminal.format import count, plain, table, when

    made = table("key id", "source", "tenant", "channels", "origins", "touches/s", "created", "", right=("touches/s",))
    for one in entries:
        made.add_row(
            plain(one.key_id),
            plain(one.source),
            plain(one.tenant),
            plain(", ".join(one.channels) or "all"),
            plain(", ".join(one.origins) or "all"),
            count(one.rate_per_s) if one.rate_per_s else plain("-"),
            when(one.created_at_ms),
            plain("revoked" if one.revoked else ""),
        )
    return made if entries else Text("No write keys: `touchline key create --source NAME` creates one.")
