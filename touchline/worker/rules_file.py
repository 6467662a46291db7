"""The scoring rules of a worker: the user's file, or the defaults."""

from importlib.resources import files
from pathlib import Path
from typing import get_args

from schemas.channels import CHANNELS
from streams.rules.evaluator import Rules, load_rules
from touchline.errors import CliError


def read_rules(path: Path | None) -> Rules:
    """Read and check a rules file; None means the defaults. Raises CliError with a line for each error in the file."""
    try:
        text = path.expanduser().read_text() if path else files("streams.rules").joinpath("default.toml").read_text()
    except (OSError, UnicodeDecodeError) as error:
        why = "not UTF-8" if isinstance(error, UnicodeDecodeError) else error.strerror
        raise CliError(
            f"The rules in {path} cannot be read ({why}): correct the file, or its name on the command line or in "
            "TOUCHLINE_RULES."
        ) from error
    types = {name: get_args(channel.model_fields["type"].annotation) for name, channel in CHANNELS.items()}
    rules = load_rules(text, str(path) if path else "the default rules", types)
    if isinstance(rules, Rules):
        return rules
    raise CliError("\n".join(str(error) for error in rules))
