"""`touchline where`: the addresses of a running `touchline up`."""

import json

import click

from touchline.cli.echo import echo
from touchline.cli.options import data_option, json_option, tenant_option
from touchline.errors import CliError


@click.command()
@data_option
@tenant_option
@json_option
def where(data: str | None, tenant: str, as_json: bool) -> None:
    """Print the addresses of what runs on the data folder. Exit code 1 if nothing runs.

    The address `clickhouse` may write, and `reader` only reads; both contain a password. `pages` logs you in, once and
    within half an hour, to see the customers of a tenant.
    """
    from touchline.local.api_process import login_link
    from touchline.local.discovery import running_here
    from touchline.settings import read_settings

    settings = read_settings(data=data)
    running = running_here(settings)
    if running is None:
        raise CliError(f"Nothing runs on {settings.folder}: start `touchline up`.", code=1)
    found = running.addresses()
    if running.api:
        found["pages"] = login_link(settings, running.api, tenant)
    if as_json:
        echo(json.dumps(found))
        return
    for name, address in found.items():
        echo(f"{name:<12}{address}")
