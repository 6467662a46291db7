"""Views of results for a terminal of 100 columns, as rich renderables."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from dashboards.answers.identities import Member
from dashboards.answers.profile import Origin, Profile
from dashboards.answers.sessions import Session
from dashboards.answers.similar_touches import group_similar, summarise, with_count
from dashboards.answers.timeline import Entry
from dashboards.answers.top import Ranked
from dashboards.terminal.consoles import COLUMNS, output_console
from dashboards.terminal.format import age, count, name_value_table, panel, plain, points, score, table, when
from dashboards.terminal.printable import escape_json
from dashboards.terminal.reports import audit_panel, consent_table, explain_panel, quarantine_table

__all__ = [
    "COLUMNS",
    "audit_panel",
    "consent_table",
    "explain_panel",
    "identity_table",
    "profile_panel",
    "quarantine_table",
    "show",
    "timeline_table",
    "top_table",
]

_WHY: Final = {
    "claim": "seen together",
    "none": "the profile itself",
    "shared": "shared by several",
    "vetoed": "unlinked by a person",
}


def show(view: RenderableType, value: Any, as_json: bool, console: Console | None = None) -> None:
    """Print a view, or its value as JSON. Only this function of the module prints."""
    if console is None:
        console = output_console()
    if as_json:
        text = msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
        console.file.write(escape_json(text) + "\n")
    else:
        console.print(view)


def identity_table(profile: str, members: Sequence[Member]) -> RenderableType:
    """Return the identifiers of a profile with parent, time, reason and other claimants."""
    made = table("identifier", "belongs to", "since", "why", "also claimed by", title=plain(profile))
    for one in members:
        others, why = plain(", ".join(one.conflicts)), plain(_WHY.get(one.why, one.why))
        made.add_row(plain(one.identifier), plain(one.parent or "-"), when(one.since_ms), why, others)
    return made


def profile_panel(profile: Profile) -> RenderableType:
    """Return the view of one profile."""
    rows: dict[str, Text | Table] = {
        "score": score(profile.score),
        "touches": count(profile.touches).append(f", {profile.bots:,} by bots" if profile.bots else ""),
        "sessions": count(profile.sessions),
        "seen": when(profile.first_seen_ms).append(" to ").append_text(when(profile.last_seen_ms)),
        "first from": _origin(profile.first),
        "last from": _origin(profile.last),
        "country, device": plain(", ".join(filter(None, (profile.country, profile.device))) or "-"),
    }
    traits = {f"{name} (trait)" if name in rows else name: plain(value) for name, value in profile.traits.items()}
    return Group(
        panel(name_value_table({**rows, **traits}), plain(profile.identifier, "bold")),
        _channels(profile),
        identity_table("identifiers", profile.members),
        _sessions(profile.newest_sessions),
    )


def _channels(profile: Profile) -> RenderableType:
    made = table("channel", "touches", "score", "for", "against", right=("touches", "score", "for", "against"))
    for name, one in profile.score_by.items():
        touches = count(profile.touches_by.get(name, 0))
        made.add_row(plain(name), touches, points(one.net), points(one.positive), points(one.negative))
    return made


def _sessions(sessions: Sequence[Session]) -> RenderableType:
    made = table("session", "lasted", "touches", "landing page", "source", right=("lasted", "touches"))
    for one in sessions:
        lasted = age(one.ended_ms - one.started_ms)
        made.add_row(
            when(one.started_ms), lasted, count(one.touches), plain(one.landing_page or "-"), plain(one.source or "-")
        )
    return made if sessions else Text()


def timeline_table(entries: Sequence[Entry]) -> RenderableType:
    """Return touches, newest first. Similar touches share a line."""
    made = table("when", "channel", "type", "what", "weight", "notes", right=("weight",))
    for one, number in group_similar(entries):
        notes = [name for name in ("bot", "too_late", "beyond_window") if getattr(one, name)]
        made.add_row(
            when(one.occurred_ms),
            plain(one.channel),
            plain(one.type),
            plain(with_count(summarise(one), number)),
            points(one.weight, sign=True),
            plain(", ".join((*notes, *one.flags)), "dim"),
        )
    return made if entries else Text("No touches.")


def top_table(ranked: Sequence[Ranked]) -> RenderableType:
    """Return the profiles with the highest scores, the highest first."""
    made = table("", "profile", "name", "score", "touches", "last seen", "from", right=("", "score", "touches"))
    for one in ranked:
        made.add_row(
            str(one.place),
            plain(one.profile),
            plain(one.traits.get("name", "")),
            points(one.score.net),
            count(one.touches),
            when(one.last_seen_ms),
            plain(one.last_source or one.first_source or "-"),
        )
    return made if ranked else Text("No profile has a score above zero.")


def _origin(origin: Origin) -> Text:
    origin_text = " / ".join(filter(None, (origin.source, origin.medium, origin.campaign)))
    return plain(f"{origin_text or '-'}{f' at {origin.page}' if origin.page else ''}")
