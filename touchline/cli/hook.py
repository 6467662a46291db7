"""`touchline hook`: list the configured webhooks, print their addresses, and try how a request is mapped."""

import json
import sys
from typing import Any

import click
from rich.console import RenderableType
from rich.text import Text

from sources.hooks.kept_request import PATH
from sources.hooks.mapped_request import Hook
from touchline.cli.command_group import SuggestingGroup
from touchline.cli.echo import echo
from touchline.cli.options import data_option, json_option
from touchline.collector.hooks_file import HooksFile, read_hooks
from touchline.local.discovery import settings_here
from touchline.serving.addresses import collector_url
from touchline.settings import Settings


@click.group(cls=SuggestingGroup)
def hook() -> None:
    """List webhooks, print the addresses to enter at providers, or try how a request is mapped."""


@hook.command("list")
@data_option
@json_option
def list_(data: str | None, as_json: bool) -> None:
    """List the configured webhooks with their addresses. Errors of their file are reported with lines."""
    from dashboards.terminal import views

    settings = settings_here(data)
    found = read_hooks(settings)
    views.show(_table(settings, found), [_as_dict(settings, found, one) for one in found.hooks.values()], as_json)


@hook.command("url")
@click.argument("source")
@click.option("--provider", default="", help="Its provider, where several have a source of this name.")
@data_option
def url(source: str, provider: str, data: str | None) -> None:
    """Print the address of a webhook, which is entered at the provider."""
    from touchline.ops.kept_requests import RequestMapper

    settings = settings_here(data)
    echo(_address(settings, read_hooks(settings), RequestMapper(settings).hook(provider, source)))


@hook.command("try")
@click.argument("file", metavar="FILE")
@click.option("--source", default="", help="Map it as this source of the file of webhooks.")
@click.option("--provider", default="", help="Map it by this provider's adapter, without any configuration.")
@click.option("--mapping", default="", metavar="FILE.toml", help="Map it by this mapping, or by a shipped one's name.")
@data_option
@json_option
def try_(file: str, source: str, provider: str, mapping: str, data: str | None, as_json: bool) -> None:
    """Print the touches that a request becomes, without sending them: a body, or what the quarantine shows.

    Nothing is verified. Exit code 1 if the request, or a touch of it, cannot be mapped.
    """
    from touchline.ops.kept_requests import RequestMapper, hook_for_trial, read_content
    from touchline.ops.query_context import now_ms

    content = read_content(file)
    mapper = RequestMapper(settings_here(data))
    made = mapper.map(hook_for_trial(mapper, content, source, provider, mapping), content, now_ms())
    touches = [{"channel": channel, "touch": json.loads(value)} for channel, value in made.messages]
    if as_json:
        echo(json.dumps({"touches": touches, "unmappable": made.unmappable}))
    else:
        for one in touches:
            echo(json.dumps(one, indent=2, ensure_ascii=False))
        if made.unmappable:
            echo(f"Cannot be mapped: {made.unmappable}.", err=True)
        elif not touches:
            echo("No touch: the event is none of a customer.", err=True)
    sys.exit(1 if made.unmappable else 0)


def _address(settings: Settings, found: HooksFile, one: Hook) -> str:
    return f"{found.public_url or collector_url(settings)}{PATH}{one.provider.name}/{one.source.name}"


def _as_dict(settings: Settings, found: HooksFile, one: Hook) -> dict[str, Any]:
    return {
        "provider": one.provider.name,
        "source": one.source.name,
        "tenant": one.tenant,
        "label": one.label,
        "secrets": len(one.source.secrets),
        "options": sorted(one.source.options),
        "url": _address(settings, found, one),
    }


def _table(settings: Settings, found: HooksFile) -> RenderableType:
    from dashboards.terminal.format import count, plain, table

    made = table("provider", "source", "tenant", "label", "secrets", "address", right=("secrets",))
    for one in found.hooks.values():
        made.add_row(
            plain(one.provider.name),
            plain(one.source.name),
            plain(one.tenant),
            plain(one.label),
            count(len(one.source.secrets)),
            plain(_address(settings, found, one)),
        )
    return made if found.hooks else Text("No webhooks: docs/guides/webhooks.md shows how to set one up.")
