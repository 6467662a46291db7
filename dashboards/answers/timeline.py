"""The touches of a profile, newest first."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from dashboards.answers.clear import Clear
from dashboards.answers.identities import identifiers_of
from dashboards.answers.run_query import Client, Row, read, read_text, sql
from dashboards.answers.scope import Scope
from dashboards.wording import amount_text, columns
from schemas.channels import CHANNELS
from schemas.time import LATEST_MS


@dataclass(frozen=True, slots=True)
class Entry:
    """One touch.

    `about` has the columns that its channel shows and those of its origin, by name, without empty values. `weight` is
    that of its rule, before caps.
    """

    event_id: str
    channel: Clear
    type: Clear
    occurred_ms: int
    received_ms: int
    folded_into: str
    identifiers: tuple[str, ...]
    flags: tuple[Clear, ...]
    bot: bool
    too_late: bool
    beyond_window: bool
    weight: float
    rule: Clear
    about: dict[str, str | float]
    properties: dict[str, str]


_CONTEXT: Final = ("referrer_class", "lead_source", "device", "country", "source")
_EXPRESSIONS: Final = {"campaign": "if(campaign_name != '', campaign_name, campaign) AS campaign"}
_ANY: Final = tuple(dict.fromkeys(name for channel in CHANNELS for name in columns(channel)))
_PLACE: Final = "/* and the other columns that the channels show */"
_SPARE: Final = 20  # rows that repeat others: seldom more, until parts are merged
_FACTOR: Final = 4


def timeline(
    client: Client,
    scope: Scope,
    profile: str,
    *,
    limit: int = 50,
    before_ms: int = LATEST_MS,
    before_id: str = "",
    channels: Collection[str] = (),
    members: Sequence[str] = (),
) -> list[Entry]:
    """Return the newest `limit` touches of a profile before a time, of some channels or of all.

    For the next page, pass the `occurred_ms` and `event_id` of the last one: touches of one millisecond are ordered by
    id. `members` are the identifiers of the profile, if the caller knows them.
    """
    identifiers = list(members) or identifiers_of(client, scope, profile)
    text = _sql(tuple(name for name in CHANNELS if not channels or name in channels))
    values = {"tenant": scope.tenant, "identifiers": identifiers, "channels": sorted(channels)}
    row_limit = limit + _SPARE
    while True:
        rows = read_text(client, text, **values, before_ms=before_ms, before_id=before_id, limit=row_limit)
        first_rows: dict[tuple[object, ...], Row] = {}
        for row in rows:
            key = tuple(row[name] for name in ("folded_into", "occurred_ms", "event_id", "channel", "beyond_window"))
            first_rows.setdefault(key, row)
        if len(first_rows) >= limit or len(rows) < row_limit:
            break
        row_limit *= _FACTOR
    newest = list(first_rows.values())[:limit]
    times = _page_times(client, scope, identifiers, [row["view_id"] for row in newest if row["view_id"]])
    return [_entry(row, times.get(row["view_id"], 0)) for row in newest]


@cache
def _sql(channels: tuple[str, ...]) -> str:
    """Return the query with the columns that these channels show: each column read takes time."""
    names = dict.fromkeys(name for channel in channels for name in columns(channel))
    return sql("timeline").replace(_PLACE, "".join(f", {_EXPRESSIONS.get(name, name)}" for name in names))


def _page_times(client: Client, scope: Scope, identifiers: Sequence[str], views: Sequence[str]) -> dict[str, int]:
    """Return the largest time in ms that a ping of these identifiers reports of each view of a page or screen."""
    if not views:
        return {}
    rows = read(client, "page_times_of", tenant=scope.tenant, identifiers=list(identifiers), views=sorted(set(views)))
    return {row["page_id"]: row["longest_ms"] for row in rows}


def _shown(value: str | float | Decimal) -> str | float:
    """Return a value as an entry has it: an amount of money is text."""
    return amount_text(value) if isinstance(value, Decimal) else value


def _entry(row: Row, pinged_ms: int) -> Entry:
    """Return the entry of a row. A view has the larger of its own time and that of its pings."""
    known = columns(row["channel"]) if row["channel"] in CHANNELS else _ANY  # another version may have more channels
    about = {name: _shown(row[name]) for name in (*known, *_CONTEXT) if name in row and row[name] not in ("", None)}
    if pinged_ms > (row.get("engaged_ms") or 0):
        about["engaged_ms"] = float(pinged_ms)
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
        about,
        dict(row["properties"]),
    )
