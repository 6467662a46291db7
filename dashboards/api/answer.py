"""The answer of an endpoint: a masked value as JSON, or its rows as CSV where the path ends with `.csv`."""

from collections.abc import Sequence

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from dashboards.api.ask import Asker
from dashboards.api.csv_answer import write_csv, write_header
from dashboards.api.etag import etag_of, is_known

CSV = ".csv"


def answer(
    request: Request, ask: Asker, value: object, *, rows: Sequence[object] = (), row: type | None = None
) -> Response:
    """Return the answer to a request.

    `value`: a dataclass, or a list of them. `rows`: what CSV shows, the value itself if it is a list. `row`: their
    type, for the header of a CSV without rows.
    """
    if request.url.path.endswith(CSV):
        listed = value if isinstance(value, list | tuple) else rows
        body = write_csv(ask.shown(list(listed))) or (write_header(row) if row else b"")
        name = request.url.path.rpartition("/")[2]
        return tagged(
            request, body, "text/csv; charset=utf-8", {"Content-Disposition": f'attachment; filename="{name}"'}
        )
    return tagged(request, msgspec.json.encode(ask.shown(value)), "application/json")


def tagged(request: Request, body: bytes, media_type: str, headers: dict[str, str] | None = None) -> Response:
    """Return a body with its entity tag, or 304 if the client has it. Caches keep it only for this viewer."""
    etag = etag_of(body)
    common = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie", **(headers or {})}
    if is_known(etag, request.headers.get("if-none-match")):
        return Response(status_code=304, headers=common)
    return Response(body, headers=common, media_type=media_type)
