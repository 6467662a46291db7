"""The route of the page of one customer."""

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from dashboards.api.ask import Ask
from dashboards.api.endpoints.customers import Key, ask_customer, read_cursor, write_cursor
from dashboards.pages.charts import stacked
from dashboards.pages.customer.curve import curve_chart
from dashboards.pages.customer.days import days_of
from dashboards.pages.customer.header import header_of, other_traits
from dashboards.pages.customer.identifiers import branches, show_identifier
from dashboards.pages.customer.reasons import left_out, reasons_of
from dashboards.pages.frame import view_of
from dashboards.pages.render import render

router: Final = APIRouter(include_in_schema=False)
_PHONE: Final = "phone:"


@router.get("/customers/{key}")
async def customer(request: Request, ask: Ask, key: Key) -> Response:
    """Return the page of the customer of a key, also of one that was joined to another since."""
    view = view_of(request, ask, known=("cursor",))
    cursor = view.given.get("cursor", "")
    whole = await ask_customer(ask, key, view.channels, read_cursor(cursor))
    shown = ask.shown(whole)
    profile, page = shown.profile, shown.page
    header = header_of(profile)
    number = next((one.identifier for one in profile.members if one.identifier.startswith(_PHONE)), "")
    parts = [(name, max(0.0, score.net)) for name, score in profile.score_by.items()]
    return render(
        request,
        ask,
        "customer.html",
        title=header.name,
        view=view,
        key=key,
        header=header,
        profile=profile,
        parts=parts,
        bar=stacked(parts, sum(value for _, value in parts), 180),
        curve=shown.curve,
        chart=curve_chart(shown.curve, page.touches, view.zone),
        half_life_days=ask.half_life_ms / 86_400_000,
        step=shown.step,
        number=show_identifier(number) if number and ask.viewer.sees_identifiers else None,
        days=days_of(
            page.touches,
            profile.members,
            view.zone,
            has_newer=bool(cursor) or bool(view.channels),
            has_older=page.older is not None or bool(view.channels),
            in_words=ask.viewer.sees_identifiers,
        ),
        older=write_cursor(page.older),
        in_clear=ask.viewer.sees_identifiers,
        reasons=reasons_of(shown.rules),
        left_out=left_out(shown.rules),
        tree=branches(profile.members),
        traits=other_traits(profile),
    )
