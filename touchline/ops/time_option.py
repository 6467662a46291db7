"""Times that are given as options of commands."""

from datetime import datetime

from touchline.errors import CliError


def read_time_option(option: str, text: str) -> int:
    """Return milliseconds since 1970, UTC. Raises CliError unless the text is ISO 8601 with a time zone."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise CliError(f"{option} {text!r} is not a time such as 2026-01-31T09:30:00Z.", code=2) from None
    if at.tzinfo is None:
        raise CliError(f"{option} {text!r} needs a time zone: add Z for UTC.", code=2)
    return int(at.timestamp() * 1000)
