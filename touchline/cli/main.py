"""The command line. Errors of the user are sentences, not tracebacks."""

import contextlib
import logging
import os
import sys

import click

from dashboards.terminal.printable import LINES, escape_unprintable
from touchline.cli.collect import collect
from touchline.cli.exit_codes import explain_error
from touchline.cli.help_page import FIRST_STEPS, SectionedGroup
from touchline.cli.hook import hook
from touchline.cli.identity import identity
from touchline.cli.imports.files import import_
from touchline.cli.key import key
from touchline.cli.quarantine import quarantine
from touchline.cli.query import audit, consent, explain, profile, timeline, top
from touchline.cli.rebuild import rebuild
from touchline.cli.run import demo, migrate, up, worker
from touchline.cli.schema import rules, schema
from touchline.cli.serve import serve
from touchline.cli.standard_streams import discard, flush_output, open_streams, print_error
from touchline.cli.status import doctor, status
from touchline.cli.token import token
from touchline.cli.where import where


@click.group(cls=SectionedGroup, epilog=FIRST_STEPS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="touchline")
def cli() -> None:
    """Customer events from all channels as one live profile, with an explained score, in ClickHouse within a second."""


for command in (
    up, demo, worker, collect, serve, migrate, schema, rules, import_, profile, timeline, consent, top, explain, audit,
    status, doctor, where, identity, key, token, hook, quarantine, rebuild,
):  # fmt: skip
    cli.add_command(command)


class EscapingFormatter(logging.Formatter):
    """Escapes control characters in log messages, which may quote data."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the lines of a record with escapes for control characters."""
        return escape_unprintable(super().format(record), keep=LINES)


def main() -> None:
    """Run the command line of this process."""
    os.umask(0o077)  # files that a command writes may hold personal data
    open_streams()
    logging.basicConfig(level=logging.WARNING)
    logging.getLogger().handlers[0].setFormatter(EscapingFormatter("%(message)s"))
    logging.raiseExceptions = False  # a log that cannot be written must not cause a traceback
    # kafka-python logs each failed connection. Commands report what matters as sentences; a worker logs it.
    logging.getLogger("kafka").setLevel(logging.CRITICAL)
    sys.exit(run())


def run() -> int | str | None:
    """Run the command of the arguments and return its exit code. Errors are printed to standard error."""
    code: int | str | None = 0
    try:
        try:
            cli(prog_name="touchline")
        except SystemExit as ended:  # click ends every command in this way
            code = ended.code
        flush_output()
    except BrokenPipeError:
        discard(sys.stdout)
        code = 1
    except Exception as error:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
        sentence, code = explain_error(error)
        print_error(f"touchline: {escape_unprintable(sentence, keep=LINES)}")
    return code
