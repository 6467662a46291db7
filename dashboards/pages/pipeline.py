"""Does it flow? Stages, worker, collector, store, and an audit of some customers."""

from functools import partial
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from dashboards.answers.audit import Audit, audit
from dashboards.answers.audit_records import audit_records
from dashboards.answers.pipeline import PipelineState
from dashboards.answers.run_query import Client
from dashboards.answers.store_status import read_store_status
from dashboards.api.ask import Ask
from dashboards.api.endpoints.pipeline import AUDIT_CACHE_S, AUDITED, CACHE_S, STORE_CACHE_S
from dashboards.pages.frame import view_of
from dashboards.pages.page import Page
from dashboards.pages.render import render
from dashboards.pages.widget import Widget, load

REFRESH_S: Final = 5
SLOW_S: Final = 10.0  # until a touch is stored, from which on the page says so
router: Final = APIRouter(include_in_schema=False)
PAGE: Final = Page("/pipeline", "Pipeline", "pipe", "p", "operations", router, operate=True)


@router.get("/pipeline")
async def pipeline(request: Request, ask: Ask) -> Response:
    """Return the page; with `audit=1` in its address, some customers are recomputed from their touches."""
    ask.require("operations")
    view = view_of(request, ask, known=("audit",))
    read = ask.services.read_pipeline

    def question(client: Client) -> PipelineState | None:
        return read() if read else None

    state = await load(request, ask, "pipeline", question, cache_s=CACHE_S)
    store = await load(request, ask, "store", read_store_status, cache_s=STORE_CACHE_S)
    records = await load(request, ask, "audits", partial(audit_records, scope=ask.scope), cache_s=CACHE_S)
    audited: Widget[Audit] | None = None
    if view.given.get("audit"):
        sample = partial(audit, scope=ask.scope, half_life_ms=ask.half_life_ms, sample=AUDITED)
        audited = await load(request, ask, f"audit {AUDITED}", sample, lane="slow", cache_s=AUDIT_CACHE_S)
    return render(
        request,
        ask,
        "pipeline.html",
        title="Pipeline",
        view=view,
        state=state,
        store=store,
        records=records,
        last=records.value[0] if records.value else None,
        delay=ask.services.live.pipeline.message(ask.at_ms).delay_ms if ask.services.live else None,
        audited=audited,
        wrong=ask.shown(audited.value.wrong_profiles) if audited and audited.value else (),
        sample=AUDITED,
        refresh_s=REFRESH_S,
        headline=headline(state.value),
    )


def headline(state: PipelineState | None) -> tuple[str, str]:
    """Return a sentence about the state in two parts, the first of which is emphasised."""
    if state is None:
        return "The pipeline is not known", "to this API: start it with TOUCHLINE_KAFKA=host:port."
    if state.worker and state.worker.store_waits:
        return "ClickHouse takes no rows:", "touches wait in Kafka, and none is lost."
    if state.trouble:
        problems = "One thing needs" if len(state.trouble) == 1 else f"{len(state.trouble)} things need"
        return f"{problems} attention,", "see below."
    slowest = state.worker.stored_p99_s if state.worker else None
    if slowest is not None and slowest > SLOW_S:
        return "It flows, but slowly:", f"one touch in a hundred takes more than {slowest:.0f} s to be stored."
    return "It flows:", "all stages are read, and nothing is wrong."
