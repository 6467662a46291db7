"""The longer answers on a terminal: why a score is what it is, what an audit found, what lies in quarantine."""

from collections.abc import Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.text import Text

from dashboards.answers.audit import Audit, Findings
from dashboards.answers.explain import Explanation, Part
from dashboards.answers.quarantine import ReasonCount, Refused
from dashboards.answers.store_status import StoreStatus
from dashboards.terminal.format import age, count, facts, panel, plain, points, score, size, table, when

_FATES: Final = {
    "counted": "counts",
    "capped": "over the cap of its day",
    "weightless": "no rule gives it weight",
    "bot": "a bot's",
    "too_late": "came when its day was closed",
    "beyond_window": "may be a repeat",
}


def explain_panel(explanation: Explanation) -> RenderableType:
    """The score, what each rule brings, and the touches that bring most."""
    head = facts(
        {
            "score": score(explanation.stored),
            "its touches sum to": score(explanation.summed),
            "at": when(explanation.at_ms),
            "half-life": age(explanation.half_life_ms),
        }
    )
    return Group(panel(head, plain(explanation.profile, "bold")), _rules(explanation), _parts(explanation))


def _rules(explanation: Explanation) -> RenderableType:
    made = table("channel", "rule", "touches", "weights", "brings", "", right=("touches", "weights", "brings"))
    for one in explanation.rules:
        brings = points(one.positive - one.negative, sign=True)
        made.add_row(
            plain(one.channel),
            plain(one.rule or "-"),
            count(one.touches),
            points(one.weights),
            brings,
            _FATES[one.fate],
        )
    return made


def _parts(explanation: Explanation) -> RenderableType:
    made = table("touch", "when", "age", "rule", "weight", "left", "brings", right=("age", "weight", "left", "brings"))
    for one in explanation.touches:
        made.add_row(
            plain(f"{one.channel} {one.type} {one.event_id}"),
            when(one.occurred_ms),
            age(one.age_ms),
            plain(_rule(one)),
            points(one.weight),
            f"{one.remaining:.1%}",
            points(one.contribution, sign=True) if one.fate == "counted" else Text(_FATES[one.fate], style="dim"),
        )
    if explanation.rest_touches:
        brings = points(explanation.rest, sign=True)
        made.add_row(f"{explanation.rest_touches:,} more", "", "", "", "", "", brings, style="dim")
    return made


def _rule(part: Part) -> str:
    if part.cap and part.place:
        return f"{part.rule}, {part.place} of {part.cap}"
    return part.rule or "-"


def audit_panel(audit: Audit) -> RenderableType:
    """What was looked at, and everything that is not as it should be."""
    verdict = (
        Text("everything is what its touches say", "green") if audit.ok else Text("something is wrong", "bold red")
    )
    head = facts(
        {
            "": verdict,
            "drift of scores": Text(f"{audit.drift:.1e} relative"),
            "profiles": count(audit.profiles).append(" (a sample)" if audit.sampled else ""),
            "touches": count(audit.touches).append(f" and {audit.nobodys:,} of nobody" if audit.nobodys else ""),
            "sessions": count(audit.sessions),
        }
    )
    parts: list[RenderableType] = [panel(head, Text("audit", "bold"))]
    if audit.wrong_profiles:
        made = table("wrong profile", "what")
        for one in audit.wrong_profiles:
            made.add_row(plain(one.profile), plain("; ".join(one.differences)))
        parts.append(made)
    parts += _findings("touches stored more than once", audit.repeats)
    parts += _findings("identifiers without a row in identities", audit.orphans)
    parts += _findings("rollups that differ", audit.rollups)
    parts += _findings(
        "ids that came under two identifiers of one profile (two touches each, as documented)", audit.told_twice
    )
    return Group(*parts)


def _findings(what: str, findings: Findings) -> list[RenderableType]:
    if not findings.count:
        return []
    made = table(f"{findings.count:,} {what}")
    for line in findings.first:
        made.add_row(plain(line))
    return [made]


def quarantine_table(refused: Sequence[Refused]) -> RenderableType:
    """What waits to be mended, newest first."""
    made = table("place", "arrived", "reason", "what is wrong", "size", "", right=("size",))
    for one in refused:
        again = " again" if one.sent_again else ""
        state = Text(f"open{again}", "yellow") if one.open else Text("resolved", "green")
        made.add_row(
            plain(one.place), when(one.received_ms), plain(one.reason), plain(one.detail), size(one.size_bytes), state
        )
    return made if refused else Text("Nothing is in quarantine.")


def reasons_table(reasons: Sequence[ReasonCount]) -> RenderableType:
    """How much is in quarantine, by reason."""
    made = table("reason", "records", "open", "newest", right=("records", "open"))
    for one in reasons:
        made.add_row(plain(one.reason), count(one.records), count(one.open), when(one.newest_ms))
    return made if reasons else Text("Nothing is in quarantine.")


def store_table(status: StoreStatus) -> RenderableType:
    """What the store holds."""
    made = table("table", "rows", "parts", "on disk", right=("rows", "parts", "on disk"))
    for one in status.tables:
        made.add_row(plain(one.table), count(one.rows), count(one.parts), size(one.size_bytes))
    newest = Text("newest touch arrived ").append_text(when(status.newest_ms))
    return Group(made, newest)
