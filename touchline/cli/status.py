"""`touchline status` and `touchline doctor`: whether everything works, and what is missing."""

import json
import sys

import click

from touchline.cli.echo import echo
from touchline.cli.options import data_option, json_option
from touchline.local.discovery import settings_here


@click.command()
@data_option
@json_option
def status(data: str | None, as_json: bool) -> None:
    """Show waiting records and throughput of each stage, the contents of the store, and recent problems."""
    from touchline.ops.status import read_status, render

    found = read_status(settings_here(data))
    if as_json:
        echo(json.dumps(found))
    else:
        render(found)
    sys.exit(1 if found["trouble"] and not found["stages"] else 0)


@click.command()
@data_option
@json_option
def doctor(data: str | None, as_json: bool) -> None:
    """Check everything Touchline depends on, with advice for each problem. Exit code 1 if there is one."""
    from touchline.ops.doctor.examine import examine

    findings = examine(data)
    if as_json:
        echo(json.dumps([finding.as_dict() for finding in findings]))
    else:
        for finding in findings:
            echo(f"{finding.result:<7} {finding.what:<14} {finding.detail}")
    sys.exit(0 if all(finding.ok for finding in findings) else 1)
