"""The customers with the highest scores as a list shows them: score by channel, change in a day, and the last touch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from dashboards.answers.clear import Clear
from dashboards.answers.identities import owners_of
from dashboards.answers.next_step import SINCE_MS, NextStep, latest_touches_of, next_step
from dashboards.answers.past_scores import past_scores
from dashboards.answers.run_query import Client, Row, read_text, sql
from dashboards.answers.scope import Scope
from dashboards.answers.top import Ranked, top
from dashboards.wording import amount_text, columns, word
from schemas.channels import CHANNELS
from schemas.time import DAY_MS

_EXPRESSIONS: Final = {"campaign": "if(campaign_name != '', campaign_name, campaign) AS campaign"}
_NAMES: Final = tuple(dict.fromkeys(name for channel in CHANNELS for name in columns(channel)))
_TOUCHES: Final = sql("newest_touches").replace(
    "/* and the columns that words are made of */", "".join(f", {_EXPRESSIONS.get(name, name)}" for name in _NAMES)
)


@dataclass(frozen=True, slots=True)
class LastTouch:
    """The newest touch of a customer: what the customer did, in words (dashboards.wording), and when."""

    channel: Clear
    type: Clear
    title: str
    occurred_ms: int


@dataclass(frozen=True, slots=True)
class HotRow:
    """A customer of the list. `name` and `company` are traits, '' without one.

    `parts`: the score of each channel above 0. `day_change`: how the score changed in 24 hours; it was 0 for a
    customer without touches before. `last` is None if the newest touches are by bots, `next` if no
    rule asks for a step.
    """

    place: int
    profile: str
    name: str
    company: str
    score: float
    parts: tuple[tuple[Clear, float], ...]
    day_change: float
    last: LastTouch | None
    last_seen_ms: int
    next: NextStep | None


def hot_list(client: Client, scope: Scope, *, at_ms: int, half_life_ms: int, limit: int = 10) -> list[HotRow]:
    """Return the `limit` customers with the highest scores above 0."""
    rows = top(client, scope, at_ms=at_ms, half_life_ms=half_life_ms, limit=limit)
    if not rows:
        return []
    owners = owners_of(client, scope, [row.profile for row in rows])
    before = past_scores(client, scope, owners, at_ms=at_ms - DAY_MS, half_life_ms=half_life_ms)
    last = _last_touches(client, scope, rows, owners)
    latest = latest_touches_of(client, scope, owners, since_ms=at_ms - SINCE_MS)
    return [
        HotRow(
            row.place,
            row.profile,
            row.traits.get("name", ""),
            row.traits.get("company", ""),
            row.score.net,
            tuple((name, row.score_by[name]) for name in CHANNELS if row.score_by.get(name, 0.0) > 0),
            row.score.net - before.get(row.profile, 0.0),
            last.get(row.profile),
            row.last_seen_ms,
            next_step(latest.get(row.profile, []), at_ms=at_ms, score=row.score.net),
        )
        for row in rows
    ]


def _last_touches(
    client: Client, scope: Scope, rows: Sequence[Ranked], owners: Mapping[str, str]
) -> dict[str, LastTouch]:
    """Return the newest touch of each profile, over all its identifiers."""
    found = read_text(
        client,
        _TOUCHES,
        tenant=scope.tenant,
        identifiers=sorted(owners),
        from_ms=min(row.last_seen_ms for row in rows),
    )
    last: dict[str, LastTouch] = {}
    for row in sorted(found, key=lambda one: -one["occurred_ms"]):
        last.setdefault(owners[row["folded_into"]], _last_touch(row))
    return last


def _last_touch(row: Row) -> LastTouch:
    channel = row["channel"]
    known = columns(channel) if channel in CHANNELS else ()
    values = {name: _shown(row[name]) for name in known if row[name] not in ("", None)}
    return LastTouch(channel, row["type"], word(channel, row["type"], values).title, row["occurred_ms"])


def _shown(value: str | float | Decimal) -> str | float:
    return amount_text(value) if isinstance(value, Decimal) else value
