"""Touches and profiles for the tests of the parts of the page."""

from typing import Any

from dashboards.answers.identities import Member
from dashboards.answers.profile import Origin, Profile
from dashboards.answers.score import Score
from dashboards.answers.touches import Touch

NOW_MS = 1_790_000_000_000 // 86_400_000 * 86_400_000 + 43_200_000  # noon
MINUTE_MS = 60_000


def touch(minutes_ago: float, type_: str = "page", **changed: Any) -> Touch:
    """A page view that gave a point."""
    at_ms = NOW_MS - int(minutes_ago * MINUTE_MS)
    given: dict[str, Any] = {
        "event_id": f"e{minutes_ago}", "channel": "visits", "type": type_, "occurred_ms": at_ms, "kind": "Page",
        "title": "Viewed /pricing", "detail": "“Pricing”", "gave": 1.0, "left": 0.5, "fate": "counted",
        "rule": "page_view", "cap": 20, "place": 1, "folded_into": "email:a@example.org",
        "identifiers": (), "flags": (),
        "about": {"lead_source": "news", "device": "mobile"}, "properties": {},
    }  # fmt: skip
    return Touch(**(given | changed))


def member(identifier: str, parent: str = "", minutes_ago: float = 0, why: str = "claim") -> Member:
    since_ms = NOW_MS - int(minutes_ago * MINUTE_MS) if parent else None
    return Member(identifier, parent, since_ms, why if parent else "none", ())


def profile(**changed: Any) -> Profile:
    origin = Origin("news", "email", "spring", "/pricing")
    given: dict[str, Any] = {
        "identifier": "email:a@example.org", "at_ms": NOW_MS, "members": (member("email:a@example.org"),), "touches": 3,
        "bots": 0, "touches_by": {"visits": 3}, "first_seen_ms": NOW_MS - 9_000, "last_seen_ms": NOW_MS - 4_000,
        "score": Score(3.0, 3.0, 0.0), "score_by": {}, "first": origin, "last": origin, "traits": {}, "country": "DE",
        "device": "mobile", "sessions": 1, "newest_sessions": (), "rules_version": "1",
    }  # fmt: skip
    return Profile(**(given | changed))
