"""`GET /demo`: a small site with the tracker, on the collector of a `touchline up`."""

from typing import Final

from sources.collector.refusal import Refusal, RefusalReason
from sources.collector.request import Answer, Request
from sources.collector.services import Services
from sources.tracker.demo_site import FILES, demo_file, demo_page

_HTML: Final = "text/html; charset=utf-8"
_HEADERS: Final = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'self'; frame-ancestors 'none'"),
    (b"referrer-policy", b"same-origin"),  # an address of the site may have what was typed into a form
)
_NONE: Final = Refusal(
    RefusalReason.NOT_FOUND, "no such page; the demo site exists where `touchline up` has a valid demo key"
)


async def answer_demo(request: Request, services: Services) -> Answer | Refusal:
    """Return a page or a file of the demo site, if the collector has a demo key that is not revoked."""
    key = services.config.demo_key
    if not key or services.keys.find(key) is None:
        return _NONE
    name = request.path.removeprefix("/demo").removeprefix("/")
    if file := demo_file(name):
        return Answer(200, file, FILES[name], _HEADERS)
    page = demo_page(name, key)
    return _NONE if page is None else Answer(200, page, _HTML, _HEADERS)
