"""Where touches came from: campaigns, networks, searches and other sites."""

from dataclasses import dataclass
from typing import Final

from dashboards.answers.clear import Clear
from dashboards.answers.run_query import Client, read
from dashboards.answers.scope import Scope
from dashboards.answers.time_steps import Span

MAX_SOURCES: Final = 500


@dataclass(frozen=True, slots=True)
class Source:
    """A source in one word, and the class of the referrer; `weight` are the points of its touches, before caps."""

    source: Clear
    referrer_class: Clear
    touches: int
    bots: int
    weight: float


@dataclass(frozen=True, slots=True)
class Sources:
    """The sources with the most touches. `found` counts all sources, `touches` all touches that have one."""

    sources: tuple[Source, ...]
    found: int
    touches: int


def sources(client: Client, scope: Scope, span: Span, *, limit: int = 50) -> Sources:
    """Return the `limit` sources with the most touches in the hours of a range."""
    rows = read(client, "sources", tenant=scope.tenant, **span.hours_s, limit=limit)
    names = ("source", "referrer_class", "touches", "bots", "weight")
    listed = tuple(Source(**{name: row[name] for name in names}) for row in rows)
    return Sources(listed, rows[0]["found"] if rows else 0, rows[0]["all_touches"] if rows else 0)
