"""Whether the pipeline flows: stages, worker, collector, the store's tables, and an audit of some profiles."""

from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from dashboards.answers.audit import Audit, audit
from dashboards.answers.audit_records import AuditRecord, audit_records
from dashboards.answers.pipeline import PipelineState, StageState
from dashboards.answers.store_status import StoreStatus, Table, read_store_status
from dashboards.api.answer import answer
from dashboards.api.ask import Ask, Asker
from dashboards.api.problem import ProblemError
from dashboards.api.routes import reads

router = APIRouter(prefix="/v1", tags=["operations"])
CACHE_S: Final = 2.0
STORE_CACHE_S: Final = 10.0
AUDIT_CACHE_S: Final = 300.0
AUDITED: Final = 100  # profiles
MOST_AUDITED: Final = 1000


async def read_pipeline(ask: Asker) -> PipelineState:
    """Return the state of the pipeline, at most 2 s old. Raises ProblemError if this API does not know it."""
    read = ask.services.read_pipeline
    if read is None:
        raise ProblemError(
            503, "pipeline-unknown", "The pipeline is not known", "Start the API with TOUCHLINE_KAFKA=host:port."
        )
    return await ask.run(lambda client: read(), cache_s=CACHE_S, key="pipeline")


async def audit_sample(ask: Asker, profiles: int) -> Audit:
    """Return the audit of a sample, at most 5 minutes old."""
    return await ask.run(
        lambda client: audit(client, ask.scope, half_life_ms=ask.half_life_ms, sample=profiles),
        lane="slow",
        cache_s=AUDIT_CACHE_S,
        key=f"audit {profiles}",
    )


async def store_status(ask: Asker) -> StoreStatus:
    """Return the contents and the size of the store, at most 10 s old."""
    return await ask.run(read_store_status, cache_s=STORE_CACHE_S, key="store")


@reads(router, "/pipeline", returns=PipelineState, summary="Stages, worker and collector")
async def pipeline(request: Request, ask: Ask) -> Response:
    """Return what waits for each stage, how fast it works, and what is wrong."""
    ask.require("operations")
    state = await read_pipeline(ask)
    return answer(request, ask, state, rows=state.stages, row=StageState)


@reads(router, "/pipeline/store", returns=StoreStatus, summary="Tables of the store, and their size")
async def store(request: Request, ask: Ask) -> Response:
    """Return the contents and the size of the store, of all tenants."""
    ask.require("operations")
    status = await store_status(ask)
    return answer(request, ask, status, rows=status.tables, row=Table)


@reads(router, "/pipeline/audit", returns=Audit, summary="Recompute some profiles from their touches", csv=False)
async def audit_some(
    request: Request, ask: Ask, profiles: Annotated[int, Query(ge=1, le=MOST_AUDITED)] = AUDITED
) -> Response:
    """Return the audit of a sample, always of the same profiles. `touchline audit` audits all."""
    ask.require("operations")
    return answer(request, ask, await audit_sample(ask, profiles))


@reads(router, "/pipeline/audits", returns=list[AuditRecord], summary="The last audits, newest first")
async def audits(request: Request, ask: Ask) -> Response:
    """Return the runs of `touchline audit` that were recorded."""
    ask.require("operations")
    question = partial(audit_records, scope=ask.scope)
    return answer(request, ask, await ask.run(question, cache_s=CACHE_S, key="audits"), row=AuditRecord)
