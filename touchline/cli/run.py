"""`touchline up`, `worker`, `demo` and `migrate`."""

import json
import sys
from dataclasses import asdict

import click

from touchline.cli.echo import echo
from touchline.cli.options import data_option, json_option
from touchline.errors import CliError


@click.command()
@data_option
def up(data: str | None) -> None:
    """Run everything on this machine with its data in one folder, until Ctrl-C."""
    from touchline.local.up import run_up
    from touchline.settings import read_settings

    run_up(read_settings(data=data))


@click.command()
@click.option("--stages", default="intake,engage,store", show_default=True, help="The stages that this worker runs.")
@data_option
def worker(stages: str, data: str | None) -> None:
    """Run one worker on an existing Kafka and ClickHouse."""
    from touchline.settings import read_settings
    from touchline.worker.stages import STAGES
    from touchline.worker.start import run

    chosen = [one.strip() for one in stages.split(",") if one.strip()]
    unknown = sorted(set(chosen) - set(STAGES))
    if unknown or not chosen:
        raise CliError(f"--stages {stages!r}: the stages are {', '.join(STAGES)}, separated by commas.", code=2)
    run(read_settings(data=data), [one for one in STAGES if one in chosen])


@click.command()
@click.option("--once", is_flag=True, help="Stop when everything is stored, and account for every line.")
@click.option("--seconds", type=float, default=None, help="Stop the live feed after this many seconds.")
@data_option
@json_option
def demo(once: bool, seconds: float | None, data: str | None, as_json: bool) -> None:
    """Send three real recordings through everything, moved in time to end now."""
    from touchline.demo.live import run_live
    from touchline.demo.once import run_once

    if not once:
        run_live(data, seconds)
        return
    summary = run_once(data)
    echo(json.dumps(summary.as_dict()) if as_json else summary.describe())
    sys.exit(0 if summary.complete else 1)


@click.command()
@click.option("--status", "only_status", is_flag=True, help="Show which migrations are applied, change nothing.")
@data_option
@json_option
def migrate(only_status: bool, data: str | None, as_json: bool) -> None:
    """Create or upgrade the tables in ClickHouse."""
    from sinks.clickhouse import migrations
    from sinks.clickhouse.client import StoreUnavailableError, connect_server
    from touchline.local.discovery import need_clickhouse, settings_here

    address = need_clickhouse(settings_here(data))
    try:
        client = connect_server(address)
        if only_status:
            client.database = address.database
            known = migrations.status(client)
            if as_json:
                echo(json.dumps([asdict(one) for one in known]))
            for one in () if as_json else known:
                echo(f"{one.number:03d} {one.name:<24} {'applied' if one.applied else 'missing'}")
            return
        names = migrations.migrate(client, address.database)
        lines = [f"applied {name}" for name in names] or ["nothing to do: the tables are up to date"]
        echo(json.dumps({"applied": names}) if as_json else "\n".join(lines))
    except (StoreUnavailableError, migrations.IncompatibleSchemaError) as error:
        raise CliError(f"{error}.") from error
