"""The command line. What a person can get wrong comes back as a sentence, not as a traceback."""

import logging
import sys

import click
from clickhouse_connect.driver.exceptions import ClickHouseError

from sinks.refusals import say
from touchline.commands.ask import audit, explain, profile, timeline, top
from touchline.commands.check import doctor, status
from touchline.commands.contract import rules, schema
from touchline.commands.identity import identity
from touchline.commands.ingest import import_
from touchline.commands.quarantine import quarantine
from touchline.commands.rebuild import rebuild
from touchline.commands.run import demo, migrate, up, worker
from touchline.errors import Trouble
from touchline.settings import SettingsError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="touchline")
def cli() -> None:
    """Every touch a customer makes, as one live profile: exact, explained, and in ClickHouse within a second."""


for command in (
    up, demo, worker, migrate, schema, rules, import_, profile, timeline, top, explain, audit, status, doctor,
    identity, quarantine, rebuild,
):  # fmt: skip
    cli.add_command(command)


def main() -> None:
    """Run the command line of this process."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    # kafka-python tells of every reconnection, and of slow turns of its own loop.
    logging.getLogger("kafka").setLevel(logging.ERROR)
    try:
        cli(prog_name="touchline")
    except ClickHouseError as error:
        print(f"touchline: ClickHouse did not answer: {say(error)}. See `touchline doctor`.", file=sys.stderr)
        sys.exit(1)
    except (Trouble, SettingsError) as trouble:
        print(f"touchline: {trouble}", file=sys.stderr)
        sys.exit(trouble.code if isinstance(trouble, Trouble) else 78)
