"""Who waits for an answer now: open tickets, mails, messages, and calls that nobody took.

An ask is answered by what was sent to the same customer by the same channel since, without mailings, or by a call that
reached the customer or was tried. In a conversation with an id it is what was sent there, or such a call; a ticket is
answered by a message of its conversation, and ends when it is solved.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from dashboards.answers.clear import Clear
from dashboards.answers.identities import owners_of, roots_of
from dashboards.answers.run_query import Client, Row, read
from dashboards.answers.scope import Scope
from dashboards.wording import columns, word
from schemas.time import DAY_MS

DAYS: Final = 7  # after which a call, a mail or a message is taken for settled
TICKET_DAYS: Final = 30
MOST: Final = 2_000  # asks that are looked at, the oldest first
FIRST: Final = (
    "channel", "type", "folded_into", "event_id", "since_ms", "subject", "text", "network", "wait_s", "agent", "queue",
    "priority",
)  # fmt: skip
"""The columns of `first` in waiting.sql."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a customer asked for and has no answer to.

    `title` and `detail` are the words (dashboards.wording) of the oldest of `asks` touches. `profile` is '' for a
    customer without an identifier, and `name` a trait, '' without one.
    """

    channel: Clear
    type: Clear
    profile: str
    name: str
    title: str
    detail: str
    queue: Clear
    agent: str
    asks: int
    since_ms: int
    event_id: str


@dataclass(frozen=True, slots=True)
class WaitingNow:
    """All that waits at a time, the longest first. `is_cut`: there may be more, that waits for less long."""

    at_ms: int
    is_cut: bool
    rows: tuple[Waiting, ...]


def waiting_now(client: Client, scope: Scope, *, at_ms: int) -> WaitingNow:
    """Return what waits at a time, of the calls, mails and messages of `DAYS` days and the tickets of `TICKET_DAYS`.

    It reads all touches of these channels of that time, so an API keeps the answer for a while.
    """
    found = read(
        client,
        "waiting",
        tenant=scope.tenant,
        at_ms=at_ms,
        from_ms=max(at_ms - DAYS * DAY_MS, 0),
        tickets_from_ms=max(at_ms - TICKET_DAYS * DAY_MS, 0),
        limit=MOST,
    )
    asked = [(row, dict(zip(FIRST, row["first"], strict=True))) for row in found]
    profiles = roots_of(client, scope, sorted({first["folded_into"] for _, first in asked} - {""}))
    customers = sorted(set(profiles.values()))
    answered = _answered(client, scope, customers, min((first["since_ms"] for _, first in asked), default=at_ms))
    names = _names(client, scope, customers)
    waiting: dict[tuple[str, str], Waiting] = {}
    for number, (row, first) in enumerate(asked):
        profile = profiles.get(first["folded_into"], "")
        if any(answered.get((profile, one), 0) > row["last_ms"] for one in _answering(first["channel"], row["thread"])):
            continue
        one = _waiting(first, profile, names.get(profile, ""), row["asks"])
        place = ("", str(number)) if row["thread"] else (one.channel, profile)
        older = waiting.get(place)  # by another identifier of the same customer
        waiting[place] = replace(older, asks=older.asks + one.asks) if older else one
    return WaitingNow(at_ms, len(found) == MOST, tuple(waiting.values()))


def _answering(channel: str, thread: str) -> tuple[str, ...]:
    """Return the channels by which an answer may have come to another identifier of the customer."""
    if channel == "tickets":
        return ()
    return ("calls",) if thread else ("calls", channel)


def _answered(client: Client, scope: Scope, profiles: Sequence[str], from_ms: int) -> dict[tuple[str, str], int]:
    """Return the time of the last answer by profile and channel, over all identifiers of some profiles."""
    if not profiles:
        return {}
    owners = owners_of(client, scope, profiles)
    found: dict[tuple[str, str], int] = {}
    rows = read(client, "latest_answers", tenant=scope.tenant, identifiers=sorted(owners), from_ms=from_ms)
    for row in rows:
        answer = owners[row["folded_into"]], row["channel"]
        found[answer] = max(row["last_ms"], found.get(answer, 0))
    return found


def _names(client: Client, scope: Scope, profiles: Sequence[str]) -> dict[str, str]:
    rows = read(client, "display_names", tenant=scope.tenant, identifiers=profiles) if profiles else []
    return {row["identifier"]: row["name"] for row in rows}


def _waiting(first: Row, profile: str, name: str, asks: int) -> Waiting:
    values: dict[str, Any] = {
        name: first[name] for name in columns(first["channel"]) if first.get(name) not in ("", None)
    }
    words = word(first["channel"], first["type"], values)
    return Waiting(
        channel=first["channel"],
        type=first["type"],
        profile=profile,
        name=name,
        title=words.title,
        detail=words.detail,
        queue=first["queue"],
        agent=first["agent"],
        asks=asks,
        since_ms=first["since_ms"],
        event_id=first["event_id"],
    )
