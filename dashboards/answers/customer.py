"""Everything that the page of one customer shows."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from dashboards.answers.identities import identity_of
from dashboards.answers.next_step import SINCE_MS, NextStep, latest_touches, next_step
from dashboards.answers.profile import Profile, profile
from dashboards.answers.run_query import Client
from dashboards.answers.scope import Scope
from dashboards.answers.score_curve import ScoreCurve, score_curve
from dashboards.answers.touches import Cursor, TouchPage, weighed_page
from dashboards.answers.weighing import RuleSum
from schemas.time import DAY_MS

PAST_MS: Final = 60 * DAY_MS
FUTURE_MS: Final = 14 * DAY_MS
TOUCHES: Final = 50


@dataclass(frozen=True, slots=True)
class Customer:
    """A profile with its score over time, what the score is made of, its newest touches, and what to do next."""

    profile: Profile
    curve: ScoreCurve
    rules: tuple[RuleSum, ...]
    page: TouchPage
    step: NextStep | None


def customer(
    client: Client,
    scope: Scope,
    identifier: str,
    *,
    at_ms: int,
    half_life_ms: int,
    channels: Collection[str] = (),
    after: Cursor | None = None,
) -> Customer | None:
    """Return the customer whom an identifier belongs to now, None if its profile is not stored.

    `channels` and `after` choose the touches.
    """
    identity = identity_of(client, scope, identifier)
    root, identifiers = identity.profile, identity.identifiers
    found = profile(client, scope, root, at_ms=at_ms, half_life_ms=half_life_ms, members_of=identity.members)
    if found is None:
        return None
    curve = score_curve(
        client,
        scope,
        identifiers,
        at_ms=at_ms,
        half_life_ms=half_life_ms,
        since_ms=at_ms - PAST_MS,
        until_ms=at_ms + FUTURE_MS,
    )
    page, rules = weighed_page(
        client,
        scope,
        identifiers,
        at_ms=at_ms,
        half_life_ms=half_life_ms,
        limit=TOUCHES,
        after=after,
        channels=channels,
    )
    latest = latest_touches(client, scope, identifiers, since_ms=at_ms - SINCE_MS)
    step = next_step(latest, at_ms=at_ms, score=found.score.net)
    return Customer(found, curve, rules, page, step)
