"""Commands run in this process."""

from click.testing import CliRunner, Result

from touchline.cli.main import cli

NOT_WORKING = 78
WRONG_USE = 2


def run(*arguments: str, stdin: str | None = None) -> Result:
    """Run a command as `main` does."""
    return CliRunner(mix_stderr=False).invoke(cli, arguments, input=stdin)
