"""Longer reports for a terminal: explanation of a score, audit, quarantine, contents of the store."""

from collections.abc import Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.text import Text

from dashboards.answers.audit import Audit, Findings
from dashboards.answers.consent import Decision
from dashboards.answers.explain import Explanation
from dashboards.answers.quarantine import Refused
from dashboards.answers.weighing import Part
from dashboards.terminal.format import age, count, name_value_table, panel, plain, points, score, size, table, when

_FATES: Final = {
    "counted": "counts",
    "capped": "over the daily cap",
    "weightless": "no points by any rule",
    "bot": "bot",
    "too_late": "too late for its day",
    "beyond_window": "possible duplicate",
}


def explain_panel(explanation: Explanation) -> RenderableType:
    """Return the score, the contribution of each rule, and the touches that contribute most."""
    head = name_value_table(
        {
            "score": score(explanation.stored),
            "sum of its touches": score(explanation.summed),
            "at": when(explanation.at_ms),
            "half-life": age(explanation.half_life_ms),
        }
    )
    return Group(panel(head, plain(explanation.profile, "bold")), _rules(explanation), _parts(explanation))


def _rules(explanation: Explanation) -> RenderableType:
    right = ("touches", "points", "adds now")
    made = table("channel", "rule", "touches", "points", "adds now", "", right=right)
    for one in explanation.rules:
        contribution = points(one.positive - one.negative, sign=True)
        made.add_row(
            plain(one.channel),
            plain(one.rule or "-"),
            count(one.touches),
            points(one.weights),
            contribution,
            _FATES[one.fate],
        )
    return made


def _parts(explanation: Explanation) -> RenderableType:
    right = ("age", "points", "remaining", "adds now")
    made = table("touch", "when", "age", "rule", "points", "remaining", "adds now", right=right)
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
        contribution = points(explanation.rest, sign=True)
        made.add_row(f"{explanation.rest_touches:,} more", "", "", "", "", "", contribution, style="dim")
    return made


def _rule(part: Part) -> str:
    if part.cap and part.place:
        return f"{part.rule}, {part.place} of {part.cap}"
    return part.rule or "-"


def audit_panel(audit: Audit) -> RenderableType:
    """Return what was compared, and everything that differs."""
    verdict = Text("no differences", "green") if audit.ok else Text("differences found", "bold red")
    head = name_value_table(
        {
            "result": verdict,
            "drift of scores": Text(f"{audit.drift:.1e} relative"),
            "profiles": count(audit.profiles).append(" (a sample)" if audit.sampled else ""),
            "touches": count(audit.touches).append(
                f" and {audit.touches_without_identifier:,} without an identifier"
                if audit.touches_without_identifier
                else ""
            ),
            "sessions": count(audit.sessions),
        }
    )
    parts: list[RenderableType] = [panel(head, Text("audit", "bold"))]
    if audit.wrong_profiles:
        made = table("wrong profile", "differences")
        for one in audit.wrong_profiles:
            made.add_row(plain(one.profile), plain("; ".join(one.differences)))
        parts.append(made)
    parts += _findings("touches stored more than once", audit.repeats)
    parts += _findings("identifiers without a row in identities", audit.orphans)
    parts += _findings("rollups that differ", audit.rollups)
    parts += _findings("times of page views that cannot be", audit.page_times)
    parts += _findings(
        "event ids received under two identifiers of one profile (two touches each, which is correct)",
        audit.ids_under_two_identifiers,
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
    """Return quarantined records, newest first."""
    made = table("record", "arrived", "reason", "what is wrong", "size", "", right=("size",))
    for one in refused:
        again = " again" if one.sent_again else ""
        state = Text(f"open{again}", "yellow") if one.open else Text("resolved", "green")
        made.add_row(
            plain(one.place), when(one.received_ms), plain(one.reason), plain(one.detail), size(one.size_bytes), state
        )
    return made if refused else Text("The quarantine is empty.")


def consent_table(decisions: Sequence[Decision]) -> RenderableType:
    """Return what a person agrees to now."""
    made = table("purpose", "by", "decision", "since")
    for one in decisions:
        state = Text(one.state, "green" if one.state == "given" else "yellow")
        made.add_row(plain(one.purpose), plain(one.contact_channel or "any way"), state, when(one.since_ms))
    return made if decisions else Text("No decision about a consent is known.")
