"""Scoring rules: what each brought, and scores if points, caps or the half-life were others."""

from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from dashboards.answers.rule_changes import CHANGES, Ruleset, UnknownChangeError, read_changes
from dashboards.answers.rule_comparison import RuleComparison, RuleTable, compare_rules, read_rule_table
from dashboards.answers.rule_lines import RuleLine
from dashboards.api.answer import answer
from dashboards.api.ask import Ask, Asker
from dashboards.api.problem import invalid_request
from dashboards.api.routes import reads
from schemas.time import DAY_MS

router = APIRouter(prefix="/v1", tags=["rules"])
CACHE_S: Final = 300.0
LEAST_DAYS, MOST_DAYS = 1 / 24, 3650  # of a half-life, as in a rules file

Changes = Annotated[
    str,
    Query(
        pattern=f"^({CHANGES})?$",
        max_length=4000,
        description="Rules with their new points and, if it changes, their new cap (0: none): `form:40:2,page_view:2`.",
    ),
]
HalfLife = Annotated[
    float | None, Query(ge=LEAST_DAYS, le=MOST_DAYS, description="The new half-life; the one in use if left out.")
]


def ruleset_of(ask: Asker) -> Ruleset:
    """Return the rules in use."""
    return Ruleset(ask.services.rules, ask.half_life_ms)


@reads(router, "/rules", returns=RuleTable, summary="Scoring rules, with the touches and points of 30 days")
async def rules(request: Request, ask: Ask) -> Response:
    """Return the rules in use, in their order, then those that only stored touches have."""
    ask.require("figures")
    question = partial(read_rule_table, scope=ask.scope, known=ruleset_of(ask), at_ms=ask.at_ms)
    table = await ask.run(question, lane="slow", cache_s=CACHE_S, key="rules")
    return answer(request, ask, table, rows=table.rules, row=RuleLine)


@reads(router, "/rules/what-if", returns=RuleComparison, summary="Scores if rules were others; nothing is changed")
async def what_if(request: Request, ask: Ask, changes: Changes = "", half_life_days: HalfLife = None) -> Response:
    """Return scores by the rules in use and by changed ones, and who becomes hot or is hot no longer.

    Conditions of rules cannot be changed, because each stored touch keeps the rule that it matched.
    """
    ask.require("lists")
    known = ruleset_of(ask)
    try:
        wanted = read_changes(changes, known)
    except UnknownChangeError as error:
        raise invalid_request(f"{error} /v1/rules lists all rules.") from None
    half_life_ms = known.half_life_ms if half_life_days is None else round(half_life_days * DAY_MS)
    question = partial(
        compare_rules, scope=ask.scope, known=known, changes=wanted, at_ms=ask.at_ms, half_life_ms=half_life_ms
    )
    found = await ask.run(question, lane="slow", cache_s=CACHE_S, key=f"what-if {half_life_ms} {changes}")
    return answer(request, ask, found, rows=found.rules, row=RuleLine)
