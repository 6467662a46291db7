"""`touchline token`: create, list and revoke tokens of the query API."""

import json
from typing import Any

import click
import msgspec
from rich.console import RenderableType
from rich.text import Text

from dashboards.api.security.roles import ROLES, Role
from dashboards.api.security.tokens import ApiToken
from touchline.cli.command_group import SuggestingGroup
from touchline.cli.echo import echo
from touchline.cli.options import data_option, json_option, tenant_option
from touchline.local.discovery import settings_here


@click.group(cls=SuggestingGroup)
def token() -> None:
    """Create, list or revoke the tokens with which programs and people ask the query API."""


@token.command("create")
@click.option("--name", required=True, help="What the token is for, such as the name of a person or a program.")
@click.option("--role", required=True, type=click.Choice(ROLES), help="What it may see.")
@tenant_option
@data_option
@json_option
def create(name: str, role: Role, tenant: str, data: str | None, as_json: bool) -> None:
    """Create a token and print it. It is shown this once, because only its hash is stored.

    The roles admin and analyst see everything, support one customer at a time, and each look is recorded, dashboard
    no identifiers.
    """
    from touchline.ops.api_tokens import create_token
    from touchline.ops.query_context import now_ms

    made, entry = create_token(settings_here(data), name, role, tenant, now_ms())
    if as_json:
        echo(json.dumps({"token": made, **_as_dict(entry)}))
        return
    echo(made)
    echo(
        f"This is the token {entry.token_id} of role {entry.role}. Keep it: it is not shown again. "
        f"`touchline token revoke {entry.token_id}` revokes it.",
        err=True,
    )


@token.command("list")
@data_option
@json_option
def list_(data: str | None, as_json: bool) -> None:
    """List all tokens by their ids, the oldest first."""
    from dashboards.terminal import views
    from touchline.ops.api_tokens import list_tokens

    found = list_tokens(settings_here(data))
    views.show(_table(found), [_as_dict(entry) for entry in found], as_json)


@token.command("revoke")
@click.argument("named", metavar="TOKEN_ID|TOKEN")
@data_option
@json_option
def revoke(named: str, data: str | None, as_json: bool) -> None:
    """Revoke a token and the logins made from it, at all API processes within seconds. It cannot be undone."""
    from touchline.ops.api_tokens import revoke_token

    entry = revoke_token(settings_here(data), named)
    echo(json.dumps(_as_dict(entry)) if as_json else f"The token {entry.token_id} of role {entry.role} is revoked.")


def _as_dict(entry: ApiToken) -> dict[str, Any]:
    return dict(msgspec.to_builtins(entry))


def _table(entries: list[ApiToken]) -> RenderableType:
    from dashboards.terminal.format import plain, table, when

    made = table("token id", "name", "role", "tenant", "created", "")
    for one in entries:
        made.add_row(
            plain(one.token_id),
            plain(one.name),
            plain(one.role),
            plain(one.tenant),
            when(one.created_at_ms),
            plain("revoked" if one.revoked else ""),
        )
    return made if entries else Text("No tokens: `touchline token create --name NAME --role ROLE` creates one.")
