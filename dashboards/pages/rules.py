"""What if rules had been others? A form of points, caps and half-life, and scores before and after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from dashboards.answers.rule_changes import KnownRule, RuleChange, Ruleset, UnknownChangeError, read_changes
from dashboards.answers.rule_comparison import compare_rules, read_rule_table
from dashboards.answers.score import HOT_SCORE
from dashboards.answers.what_if import Crossing, Level
from dashboards.api.ask import Ask, Asker
from dashboards.api.endpoints.rules import CACHE_S, LEAST_DAYS, MOST_DAYS, ruleset_of
from dashboards.pages import format as write
from dashboards.pages.charts import Chart, Series
from dashboards.pages.frame import view_of
from dashboards.pages.page import Page
from dashboards.pages.render import render
from dashboards.pages.widget import load
from schemas.time import DAY_MS

LOWEST: Final = 5.0  # score of the first bar of the chart: most customers are below it
SEE_OTHER: Final = 303
router: Final = APIRouter(include_in_schema=False)
PAGE: Final = Page("/rules", "Rules", "rules", "r", "lists", router, operate=True)


@dataclass(frozen=True, slots=True)
class CrossingRow:
    """A customer who becomes hot, or is hot no longer; `key` is for the address of the customer's page."""

    key: str
    crossing: Crossing


@router.get("/rules")
async def rules(request: Request, ask: Ask) -> Response:
    """Return the page. The fields of its form are rewritten as an address that has only what differs."""
    ask.require("lists")
    known = ruleset_of(ask)
    if address := form_address(request.query_params, known):
        return RedirectResponse(address, SEE_OTHER)
    view = view_of(request, ask, known=("changes", "half_life_days"))
    changes, half_life_ms, notes = read_trial(request.query_params, known)
    view = replace(view, notes=(*view.notes, *notes))
    values: dict[str, Any] = {
        "heads": _heads(known),
        "half_life_days": half_life_ms / DAY_MS,
        "hot": HOT_SCORE,
        "limits": (LEAST_DAYS, MOST_DAYS),
    }
    if not changes and half_life_ms == known.half_life_ms:
        table_question = partial(read_rule_table, scope=ask.scope, known=known, at_ms=ask.at_ms)
        table = await load(request, ask, "rules", table_question, lane="slow", cache_s=CACHE_S)
        return render(request, ask, "rules.html", title="Rules", view=view, table=table, compared=None, **values)
    question = partial(
        compare_rules, scope=ask.scope, known=known, changes=changes, at_ms=ask.at_ms, half_life_ms=half_life_ms
    )
    key = f"what-if {half_life_ms} {view.given.get('changes', '')}"
    compared = await load(request, ask, key, question, lane="slow", cache_s=CACHE_S)
    found = compared.value
    return render(
        request,
        ask,
        "rules.html",
        title="Rules",
        view=view,
        table=compared,
        compared=found,
        csv="/v1/rules/what-if.csv?" + urlencode(dict(view.given), safe=":,"),
        chart=_chart(found.scores.levels) if found else None,
        below=_below(found.scores.levels) if found else (0, 0),
        entering=_rows(ask, found.scores.entering) if found else [],
        leaving=_rows(ask, found.scores.leaving) if found else [],
        **values,
    )


def form_address(fields: Mapping[str, str], known: Ruleset) -> str | None:
    """Return the address for the fields of the form, with what differs from the rules in use; None without fields.

    Fields are `points.NAME` and `cap.NAME` of each rule, and `half_life_days`. Values that cannot be read are kept, so
    that the page says what is wrong with them.
    """
    if not any(name.startswith(("points.", "cap.")) for name in fields):
        return None
    parts = [part for rule in known.rules if (part := _change(rule, fields))]
    values = {"changes": ",".join(parts)} if parts else {}
    days = fields.get("half_life_days", "").strip()
    if days and days != f"{known.half_life_ms / DAY_MS:g}":
        values["half_life_days"] = days
    return f"/rules?{urlencode(values, safe=':,')}" if values else "/rules"


def _change(rule: KnownRule, fields: Mapping[str, str]) -> str:
    points = fields.get(f"points.{rule.name}", "").strip() or f"{rule.points:g}"
    cap = fields.get(f"cap.{rule.name}", "").strip() or ("0" if f"cap.{rule.name}" in fields else str(rule.cap))
    if points == f"{rule.points:g}" and cap == str(rule.cap):
        return ""
    return f"{rule.name}:{points}" + (f":{cap}" if cap != str(rule.cap) else "")


def read_trial(query: Mapping[str, str], known: Ruleset) -> tuple[list[RuleChange], int, tuple[str, ...]]:
    """Return (changes, half-life in ms, notes about what was not understood) of an address."""
    notes: list[str] = []
    changes: list[RuleChange] = []
    try:
        changes = read_changes(query.get("changes", ""), known)
    except UnknownChangeError as error:
        notes.append(str(error))
    text = query.get("half_life_days", "")
    try:
        days = float(text) if text else known.half_life_ms / DAY_MS
        if not LEAST_DAYS <= days <= MOST_DAYS:
            raise ValueError
    except ValueError:
        notes.append(
            f"The half-life “{text[:20]}” is not possible: write days, from an hour (0.05) to ten years (3650)."
        )
        days = known.half_life_ms / DAY_MS
    return changes, round(days * DAY_MS), tuple(notes)


def _heads(known: Ruleset) -> set[str]:
    """Return the names of the rules that have a field for their cap: of a group, which shares its cap, the first."""
    return set({rule.group or rule.name: rule.name for rule in reversed(known.rules)}.values())


def _rows(ask: Asker, crossings: Sequence[Crossing]) -> list[CrossingRow]:
    return [CrossingRow(ask.key_of(one.profile), ask.shown(one)) for one in crossings]


def _below(levels: Sequence[Level]) -> tuple[int, int]:
    low = [level for level in levels if level.least is None or level.least < LOWEST]
    return sum(level.profiles for level in low), sum(level.new_profiles for level in low)


def _chart(levels: Sequence[Level]) -> Chart:
    """Return the bars of the levels from `LOWEST` on."""
    high = [level for level in levels if level.least is not None and level.least >= LOWEST]
    bounds = [level.least or 0.0 for level in high]
    names = [f"{low:g}–{up:g}" for low, up in pairwise(bounds)] + [f"{bounds[-1]:g}+"]
    return Chart(
        "bars",
        f"Customers by score from {write.whole(LOWEST)} on, with the changes and now",
        [Series("with the changes", [float(level.new_profiles) for level in high])],
        names=names,
        names_head="Score",
        times=False,
        before=[float(level.profiles) for level in high],
        before_label="now",
    )
