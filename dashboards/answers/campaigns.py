"""What campaigns brought, and the scores that the people of each campaign have now."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, Literal

from dashboards.answers.clear import Clear
from dashboards.answers.run_query import Client, Row, read
from dashboards.answers.scope import Scope
from dashboards.answers.time_steps import Span

MAX_CAMPAIGNS: Final = 1_000
Touch = Literal["first", "last"]


@dataclass(frozen=True, slots=True)
class Campaign:
    """A source, medium and campaign, '' where there is none.

    `visits` are the touches of the channel visits that came by it, `touches` those of all channels, `forms` the forms
    among them. `people` and `identified` are numbers of identifiers, without bots, estimated within 1 %. `identified`
    counts those that were more than an anonymous id when the touch was stored: a visitor who is identified later is
    not among them, but in `CampaignScore.identified`. `by_day` has the touches of each day of the range.
    """

    source: Clear
    medium: Clear
    name: Clear
    visits: int
    touches: int
    bots: int
    forms: int
    people: int
    identified: int
    by_day: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Campaigns:
    """The campaigns with the most touches between two UTC days, both included. `found` counts all of them."""

    first_day: date
    last_day: date
    campaigns: tuple[Campaign, ...]
    found: int


@dataclass(frozen=True, slots=True)
class CampaignScore:
    """The profiles that a campaign has, how many of them are identified now (by more than an anonymous id), and the sum
    of their scores.
    """

    source: Clear
    medium: Clear
    name: Clear
    profiles: int
    identified: int
    score: float


def campaigns(client: Client, scope: Scope, span: Span, *, limit: int = 100) -> Campaigns:
    """Return the `limit` campaigns with the most touches on the UTC days that contain a range."""
    first, last = _day(span.from_ms), _day(span.to_ms - 1)
    rows = read(client, "campaigns", tenant=scope.tenant, first=first, last=last, limit=min(limit, MAX_CAMPAIGNS))
    days = (last - first).days + 1
    return Campaigns(first, last, tuple(_campaign(row, days) for row in rows), rows[0]["found"] if rows else 0)


def campaign_scores(
    client: Client, scope: Scope, *, touch: Touch, at_ms: int, half_life_ms: int, limit: int = MAX_CAMPAIGNS
) -> list[CampaignScore]:
    """Return the scores by campaign, highest first. A profile counts for the campaign of its first or last touch that
    has a source, at any time. It reads all profiles, so an API keeps the answer for a while.
    """
    values = {"first": touch == "first", "half_lives": at_ms / half_life_ms, "limit": min(limit, MAX_CAMPAIGNS)}
    return [CampaignScore(**row) for row in read(client, "campaign_scores", tenant=scope.tenant, **values)]


def _campaign(row: Row, days: int) -> Campaign:
    by_day = tuple(row["by_day"].get(day, 0) for day in range(days))
    names = ("source", "medium", "name", "visits", "touches", "bots", "forms", "people", "identified")
    return Campaign(**{name: row[name] for name in names}, by_day=by_day)


def _day(at_ms: int) -> date:
    return datetime.fromtimestamp(at_ms / 1000, UTC).date()
