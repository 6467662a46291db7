"""What a profile did, newest first."""

from dataclasses import dataclass
from typing import Final

from dashboards.answers.identities import owners_of
from dashboards.answers.run_query import Client, Row, read
from dashboards.answers.scope import Scope
from schemas.time import LATEST_MS


@dataclass(frozen=True, slots=True)
class Entry:
    """One touch. `about` holds what it tells of itself, by column, empty values left out; `weight` is what its rule
    gave it, before caps."""

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


_ABOUT: Final = (
    "url",
    "title",
    "referrer_class",
    "lead_source",
    "direction",
    "subject",
    "campaign",
    "link_url",
    "duration_s",
    "outcome",
    "device",
    "country",
    "source",
)


def timeline(
    client: Client, scope: Scope, profile: str, *, limit: int = 50, before_ms: int = LATEST_MS, before_id: str = ""
) -> list[Entry]:
    """The newest `limit` touches of a root identifier before an instant.

    To read on, give the `occurred_ms` and `event_id` of the last one: touches of one millisecond are ordered by id.
    """
    owners = owners_of(client, scope, profile)
    found = read(
        client,
        "timeline",
        tenant=scope.tenant,
        identifiers=owners.identifiers,
        folded_ids=owners.folded_ids,
        before_ms=before_ms,
        before_id=before_id,
        limit=limit,
    )
    return [_entry(row) for row in found]


def _entry(row: Row) -> Entry:
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
        {name: row[name] for name in _ABOUT if row[name] not in ("", None)},
        dict(row["properties"]),
    )
