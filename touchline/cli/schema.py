"""`touchline schema` and `touchline rules`: the format of touches, and their scores."""

import json
from pathlib import Path

import click

from schemas.channels import CHANNELS
from schemas.plural import counted
from schemas.time import DAY_MS
from touchline.cli.echo import echo
from touchline.cli.options import json_option
from touchline.settings import read_settings
from touchline.worker.rules_file import read_rules


@click.command()
@click.argument("channel", type=click.Choice(sorted(CHANNELS)))
def schema(channel: str) -> None:
    """Print the JSON Schema of a channel's touches."""
    echo(json.dumps(CHANNELS[channel].model_json_schema(), indent=2))


@click.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@json_option
def rules(file: Path | None, as_json: bool) -> None:
    """Check a rules file (default: the configured one) and show its version."""
    found = read_rules(file or read_settings().rules)
    summary = {
        "version": found.version,
        "half_life_days": found.half_life_ms / DAY_MS,
        "late_days": found.late_days,
        "rules": len(found.rules),
        "warnings": [str(warning) for warning in found.warnings],
    }
    for warning in found.warnings:
        echo(str(warning), err=True)
    if as_json:
        echo(json.dumps(summary))
    else:
        half_life = f"half-life {summary['half_life_days']:g} days"
        verdict = "the rules above never apply" if found.warnings else "no problems"
        echo(f"{counted(len(found.rules), 'rule')}, version {found.version}, {half_life}: {verdict}.")
