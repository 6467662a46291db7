"""Customers: whom to call? The highest scores, who moved, and search by any identifier."""

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from dashboards.answers.identities import Unknown
from dashboards.answers.movers import AMONG
from dashboards.api.ask import Ask
from dashboards.api.endpoints.customer_lists import MoverLists, Rows, ask_movers, ask_rows
from dashboards.api.endpoints.customers import Near, ask_search
from dashboards.api.forms import read_own_form
from dashboards.api.problem import ProblemError
from dashboards.pages.customer import page as customer
from dashboards.pages.frame import view_of
from dashboards.pages.looks import looks
from dashboards.pages.page import Page
from dashboards.pages.render import render
from dashboards.pages.widget import Failure

ROWS: Final = 50
MOVERS: Final = 25
SORTS: Final = {"score": "Highest score", "rose": "Rose in 24 h", "fell": "Fell in 24 h"}
SEE_OTHER: Final = 303
_LONGEST: Final = 1_000
router: Final = APIRouter(include_in_schema=False)
PAGE: Final = Page("/customers", "Customers", "people", "c", "customer", router, short=True)


@router.get("/customers")
async def customers(request: Request, ask: Ask) -> Response:
    """Return the list in the order that the address asks for; roles without lists see how to search."""
    view = view_of(request, ask, known=("sort", "cursor"))
    sort = view.given.get("sort", "score")
    sort = sort if sort in SORTS else "score"
    channel = view.channels[0] if view.channels else ""
    rows, moved, failure = Rows((), ""), MoverLists(0, (), ()), None
    may_list = ask.viewer.may("lists")
    try:
        if may_list and sort == "score":
            rows = ask.shown(await ask_rows(ask, channel, ROWS, view.given.get("cursor", "")))
        elif may_list:
            moved = ask.shown(await ask_movers(ask, 24, MOVERS))
    except ProblemError as problem:
        failure = Failure(problem.title + ".", problem.detail, request.state.request_id)
    return render(
        request,
        ask,
        "customers.html",
        title="Customers",
        view=view,
        looks=list(looks().values()),
        sorts=SORTS,
        sort=sort,
        channel=channel,
        may_list=may_list,
        rows=rows.rows,
        next=rows.next,
        moved=moved.fell if sort == "fell" else moved.rose,
        since_ms=moved.since_ms,
        among=AMONG,
        failure=failure,
    )


@router.post("/customers/search")
async def search(request: Request, ask: Ask) -> Response:
    """Show the customer of the form field `identifier`, or those spelled alike."""
    fields = await read_own_form(request, ask)
    text = fields.get("identifier", "").strip()[:_LONGEST]
    if not text:
        return RedirectResponse("/customers", SEE_OTHER)
    found = await ask_search(ask, text)
    if not isinstance(found, Unknown):
        return RedirectResponse(f"/customers/{found.key}", SEE_OTHER)
    return render(
        request,
        ask,
        "customer_unknown.html",
        title="No such customer",
        view=view_of(request, ask),
        status=404,
        unknown=found,
        near=[Near(ask.key_of(one), one) for one in found.near],
    )


router.include_router(customer.router)
