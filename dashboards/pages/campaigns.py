"""What brings people who warm up? Campaigns with the scores of their customers, a funnel, and weekly retention."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from dashboards.answers.campaigns import Campaign, CampaignScore, Touch, campaign_scores, campaigns
from dashboards.answers.funnel import MAX_STEPS, FunnelStep, Reached, funnel, read_steps, write_steps
from dashboards.answers.retention import retention
from dashboards.answers.time_steps import Span, UnanswerableError
from dashboards.api.ask import Ask
from dashboards.api.endpoints.campaigns import CACHE_S, LONG_CACHE_S, WEEKS
from dashboards.pages.frame import view_of
from dashboards.pages.looks import look
from dashboards.pages.page import Page
from dashboards.pages.render import render
from dashboards.pages.view import View
from dashboards.pages.widget import load
from schemas.channels import CHANNELS

MOST: Final = 100  # campaigns that the page shows on request
SHOWN: Final = 12
FIELDS: Final = 4  # of the form of a funnel
DEFAULT_STEPS: Final = "visits:page,visits:download,visits:form"
SEE_OTHER: Final = 303
router: Final = APIRouter(include_in_schema=False)
PAGE: Final = Page("/campaigns", "Campaigns", "flag", "k", "figures", router)


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A campaign of the range with the scores of its customers now; None if it has no customer."""

    campaign: Campaign
    score: CampaignScore | None


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step of the funnel in words, with its shares of the first step and of the one before."""

    label: str
    people: int
    share: float
    of_former: float


@router.get("/campaigns")
async def page(request: Request, ask: Ask) -> Response:
    """Return the page. The fields of its form become the parameter `steps` of its address."""
    ask.require("figures")
    if chosen := [step for step in request.query_params.getlist("step") if step]:
        kept = {name: value for name, value in request.query_params.items() if name != "step"}
        address = urlencode({**kept, "steps": ",".join(chosen)}, safe=",:")
        return RedirectResponse(f"/campaigns?{address}", SEE_OTHER)
    view = view_of(request, ask, default="30d", known=("touch", "steps", "rows"))
    touch, steps, view = _read(view)
    span = Span(view.from_ms, view.to_ms, view.zone_name)
    time = view.range or f"{view.from_ms} {view.to_ms}"
    shorter = ("Try 7 days.", view.query(range="7d"))
    brought = await load(
        request,
        ask,
        f"campaigns {time} {MOST}",
        partial(campaigns, scope=ask.scope, span=span, limit=MOST),
        cache_s=CACHE_S,
        shorter=shorter,
    )
    scores = await load(
        request,
        ask,
        f"campaign scores {touch}",
        partial(campaign_scores, scope=ask.scope, touch=touch, at_ms=ask.at_ms, half_life_ms=ask.half_life_ms),
        lane="slow",
        cache_s=LONG_CACHE_S,
    )
    reached = await load(
        request,
        ask,
        f"funnel {time} {write_steps(steps)}",
        partial(funnel, scope=ask.scope, span=span, steps=steps),
        lane="slow",
        cache_s=LONG_CACHE_S,
        shorter=shorter,
    )
    cohorts = await load(
        request,
        ask,
        f"retention {WEEKS}",
        partial(retention, scope=ask.scope, at_ms=ask.at_ms, weeks=WEEKS),
        lane="slow",
        cache_s=LONG_CACHE_S,
    )
    rows = campaign_rows(brought.value.campaigns if brought.value else (), scores.value or ())
    return render(
        request,
        ask,
        "campaigns.html",
        title="Campaigns",
        view=view,
        brought=brought,
        scores=scores,
        rows=rows,
        touch=touch,
        shown=MOST if view.given.get("rows") == "all" else SHOWN,
        csv=f"/v1/campaigns.csv?from_ms={view.from_ms}&to_ms={view.to_ms}",
        best=best_of(rows),
        reached=reached,
        steps=step_rows(reached.value or ()),
        fields=[*map(write_steps, ([step] for step in steps)), *[""] * (FIELDS - len(steps))],
        choices=choices(steps),
        cohorts=cohorts,
        weeks=WEEKS,
    )


def _read(view: View) -> tuple[Touch, list[FunnelStep], View]:
    """Return (touch, steps of the funnel, the view with notes about what was not understood)."""
    notes: list[str] = []
    touch: Touch = "last" if view.given.get("touch") == "last" else "first"
    if view.given.get("touch", touch) not in get_args(Touch):
        notes.append("The touch is not known: use touch=first or touch=last.")
    try:
        steps = read_steps(view.given.get("steps", DEFAULT_STEPS))
    except UnanswerableError as error:
        notes.append(str(error))
        steps = read_steps(DEFAULT_STEPS)
    return touch, steps, replace(view, notes=(*view.notes, *notes))


def campaign_rows(found: Sequence[Campaign], scores: Sequence[CampaignScore]) -> list[CampaignRow]:
    """Return campaigns with their scores, in the order of the campaigns."""
    by_name = {(one.source, one.medium, one.name): one for one in scores}
    return [CampaignRow(one, by_name.get((one.source, one.medium, one.name))) for one in found]


def best_of(rows: Sequence[CampaignRow]) -> tuple[Campaign | None, CampaignScore | None]:
    """Return (the campaign with the most people, the highest score that one has)."""
    most = max((row.campaign for row in rows), key=lambda one: one.people, default=None)
    scores = [row.score for row in rows if row.score and row.score.score > 0]
    return (most if most and most.people else None), max(scores, key=lambda one: one.score, default=None)


def step_rows(reached: Sequence[Reached]) -> list[StepRow]:
    """Return the steps of a funnel with their shares."""
    rows: list[StepRow] = []
    for one in reached:
        first = rows[0].people if rows else one.people
        former = rows[-1].people if rows else one.people
        share, of_former = (one.people / of if of else 0.0 for of in (first, former))
        rows.append(StepRow(label_of(one.step), one.people, share, of_former))
    return rows


def label_of(step: FunnelStep) -> str:
    """Return a step in words: `Visits: form`."""
    return ": ".join(part for part in (look(step.channel).label, step.type.replace("_", " "), step.name) if part)


def choices(steps: Sequence[FunnelStep]) -> list[tuple[str, str]]:
    """Return what a step can be, as (text of the address, words): each channel with its types, and the given steps."""
    offered = [
        FunnelStep(name, type_) for name, model in CHANNELS.items() for type_ in ("", *get_args(_types_of(model)))
    ]
    extra = [step for step in steps if step not in offered]
    return [(write_steps([step]), label_of(step)) for step in (*offered, *extra)]


def _types_of(model: type) -> object:
    return model.model_fields["type"].annotation  # type: ignore[attr-defined]


assert FIELDS <= MAX_STEPS
