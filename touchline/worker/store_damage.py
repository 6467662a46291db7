"""Damage in the store: parts that ClickHouse has set aside, and rows that are missing. Checked at each start."""

import logging
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from clickhouse_connect.driver.exceptions import ClickHouseError

from sinks.checks.detached_parts import BrokenPart, broken_parts, describe_broken
from sinks.checks.missing_rows import MissingRows, find_missing
from sinks.clickhouse.client import Client, StoreUnavailableError, connect, parse_address
from sinks.clickhouse.errors import describe_error, error_code
from touchline.errors import CliError
from touchline.settings import Settings

_TIMEOUT_S: Final = 20
_DENIED: Final = 497  # ClickHouse's code for a table that this user may not read

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Damage:
    """What is wrong with the stored rows. `busy` means that rows were being stored, so tables were not compared."""

    set_aside: list[BrokenPart] = field(default_factory=list)
    missing: list[MissingRows] = field(default_factory=list)
    busy: bool = False

    def sentences(self) -> list[str]:
        """Return a sentence for each problem."""
        found = (describe_broken(self.set_aside), describe_missing(self.missing))
        return [f"{sentence}." for sentence in found if sentence]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        parts = [f"{part.table}/{part.name}" for part in self.set_aside]
        return {"set_aside": parts, "missing": [asdict(one) for one in self.missing]}


def describe_missing(missing: Sequence[MissingRows]) -> str | None:
    """Return one sentence, without its full stop; None if nothing is missing."""
    if not missing:
        return None
    tables = ", ".join(f"{one.table} lacks {one.count:,} {one.what}" for one in missing)
    return (
        f"Stored rows are missing ({tables}): run `touchline audit` to see which profiles are affected, then "
        "`touchline rebuild`"
    )


def find_damage(settings: Settings) -> Damage:
    """Return what can be found in the time that a start may take. Raises CliError if ClickHouse is slow."""
    with closing(connect_reader(settings, _TIMEOUT_S)) as client:
        try:
            return Damage(_set_aside(client), find_missing(client))
        except ClickHouseError as error:
            raise CliError(f"ClickHouse did not answer: {describe_error(error)}.", code=1) from error


def _set_aside(client: Client) -> list[BrokenPart]:
    """Return the parts that are set aside; none if the user may not read ClickHouse's own tables."""
    try:
        return broken_parts(client)
    except ClickHouseError as error:
        if error_code(error) != _DENIED:
            raise
        return []


def warn_of_damage(settings: Settings) -> None:
    """Log a warning for each problem. The start does not depend on it."""
    try:
        damage = find_damage(settings)
    except CliError:
        return  # the store waits for ClickHouse, and logs that
    for sentence in damage.sentences():
        log.warning("%s", sentence)


def connect_reader(settings: Settings, timeout_s: int) -> Client:
    """Return a client that reads. Raises CliError."""
    try:
        return connect(parse_address(settings.clickhouse), "read", timeout_s=timeout_s)
    except (StoreUnavailableError, ValueError) as error:
        raise CliError(f"{error}.", code=1) from error
