"""The profiles with the highest scores, as the store has them, in the form of changes."""

from math import log2

from dashboards.answers.run_query import Client
from dashboards.answers.scope import Scope
from dashboards.answers.top import Ranked, top
from dashboards.live.hot_list import ProfileChange


def stored_profiles(client: Client, tenant: str, limit: int, at_ms: int, half_life_ms: int) -> list[ProfileChange]:
    """Return the `limit` profiles with the highest scores above 0, highest first."""
    found = top(client, Scope(tenant), at_ms=at_ms, half_life_ms=half_life_ms, limit=limit)
    return [_change(tenant, one, at_ms / half_life_ms) for one in found]


def _change(tenant: str, one: Ranked, half_lives: float) -> ProfileChange:
    return ProfileChange(
        tenant=tenant,
        profile=one.profile,
        parent="",
        rank=log2(one.score.net) + half_lives,
        touches=one.touches,
        bots=0,
        last_seen_ms=one.last_seen_ms,
        last_source=one.last_source,
        country=one.country,
        device=one.device,
        name=one.traits.get("name", ""),
    )
