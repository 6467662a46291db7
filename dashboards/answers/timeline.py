"""The touches of a profile, newest first."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from dashboards.answers.identities import owners_of
from dashboards.answers.run_query import Client, Row, read_text, sql
from dashboards.answers.scope import Scope
from dashboards.wording import amount_text
from schemas.channels import CHANNELS
from schemas.time import LATEST_MS


@dataclass(frozen=True, slots=True)
class Entry:
    """One touch.

    `about` has the columns that its channel shows and those of its origin, by name, without empty values. `weight` is
    that of its rule, before caps.
    """

    event_id: str
    channel: str
    type: str
    occurred_ms: int
    received_ms: int
    folded_into: str
    identifiers: tuple[str, ...]
    flags: tuple[str, ...]
    bot: bool
    too_late: bool
    beyond_window: bool
    weight: float
    rule: str
    about: dict[str, str | float]
    properties: dict[str, str]


_CONTEXT: Final = ("referrer_class", "lead_source", "device", "country", "source")
_SUMMARIES: Final = {
    channel: tuple(name for name in (*model.SUMMARY, *model.UNITS.values(), model.SUMMARY_ELSE) if name)
    for channel, model in CHANNELS.items()
}
_COMPUTED: Final = ("campaign", "engaged_ms")  # by the query
_ALL: Final = tuple(dict.fromkeys(name for names in _SUMMARIES.values() for name in names))
_SQL: Final = sql("timeline").replace(
    "/* and the other columns that the channels show */", "".join(f", {name}" for name in _ALL if name not in _COMPUTED)
)


def timeline(
    client: Client, scope: Scope, profile: str, *, limit: int = 50, before_ms: int = LATEST_MS, before_id: str = ""
) -> list[Entry]:
    """Return the newest `limit` touches of a profile before a time.

    For the next page, pass the `occurred_ms` and `event_id` of the last one: touches of one millisecond are ordered by
    id.
    """
    owners = owners_of(client, scope, profile)
    found = read_text(
        client,
        _SQL,
        tenant=scope.tenant,
        identifiers=owners.identifiers,
        folded_ids=owners.folded_ids,
        before_ms=before_ms,
        before_id=before_id,
        limit=limit,
    )
    return [_entry(row) for row in found]


def _shown(value: str | float | Decimal) -> str | float:
    """Return a value as an entry has it: an amount of money is text."""
    return amount_text(value) if isinstance(value, Decimal) else value


def _entry(row: Row) -> Entry:
    names = (*_SUMMARIES.get(row["channel"], _ALL), *_CONTEXT)  # another version may have other channels
    return Entry(
        row["event_id"],
        row["channel"],
        row["type"],
        row["occurred_ms"],
        row["received_ms"],
        row["folded_into"],
        tuple(row["identifiers"]),
        tuple(row["flags"]),
        row["bot"],
        row["too_late"],
        row["beyond_window"],
        row["weight"],
        row["rule"],
        {name: _shown(row[name]) for name in names if row[name] not in ("", None)},
        dict(row["properties"]),
    )
