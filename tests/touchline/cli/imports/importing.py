"""Tables imported in a dry run."""

from click.testing import CliRunner, Result

from touchline.cli.main import cli
from touchline.errors import CliError

WHEN = "2026-11-28T10:00:00Z"
CALLS = ("--channel", "calls", "--set", "direction=inbound")
WRONG_USE, CUT_OFF, REFUSED = 2, 1, 3


def bring_in(kind: str, content: str | bytes, *options: str) -> Result:
    """A dry run of what comes by standard input."""
    return CliRunner(mix_stderr=False).invoke(cli, ["import", kind, "-", "--dry-run", *options], input=content)


def trouble(result: Result) -> CliError:
    assert isinstance(result.exception, CliError), result.exception
    assert str(result.exception).isprintable()
    return result.exception
