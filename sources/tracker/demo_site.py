"""The pages of the demo site, where a person sees the own visit on the timeline."""

from functools import cache
from html import escape
from importlib.resources import files
from typing import Final, NamedTuple


class DemoPage(NamedTuple):
    """A page: its title and the HTML of its content."""

    title: str
    content: str


PAGES: Final = {
    "": DemoPage(
        "Start",
        '<h1>Everything for your tour</h1><p><button data-touch="Play video">Play the video</button></p>'
        '<p><a href="/demo/pricing">See the prices</a>, or what <a href="https://example.org/">others</a> say.</p>',
    ),
    "pricing": DemoPage(
        "Pricing",
        "<h1>Pricing</h1><p>Small 9 €, large 19 €.</p>"
        '<p><a href="/demo/prices.csv" download>Download the prices</a></p>'
        '<p><a href="/demo/contact">Ask for an offer</a></p>',
    ),
    "contact": DemoPage(
        "Contact",
        '<h1>Contact</h1><form action="/demo/thanks" data-touch="Contact">'
        '<label>Name <input data-touch-field="traits.name"></label>'
        '<label>Email <input type="email" required data-touch-field="email"></label>'
        "<label>Message, which is not recorded <input></label><button>Send</button></form>",
    ),
    "thanks": DemoPage("Thanks", "<h1>Thank you</h1><p>This visit belongs to your address from now on.</p>"),
    "search": DemoPage("Search", "<h1>Nothing found</h1><p>The search is on the timeline all the same.</p>"),
}
"""The pages by the last part of their path; '' is the first one."""

FILES: Final = {
    "demo.css": "text/css; charset=utf-8",
    "demo.js": "text/javascript; charset=utf-8",
    "prices.csv": "text/csv; charset=utf-8",
}
"""The files beside the pages, with their types."""


def demo_page(name: str, key: str) -> bytes | None:
    """Return a page whose tracker has this write key; None if there is no such page."""
    page = PAGES.get(name)
    if page is None:
        return None
    return _template().format(title=escape(page.title), content=page.content, key=escape(key)).encode()


@cache
def demo_file(name: str) -> bytes | None:
    """Return a file of the site; None if there is no such file."""
    return files("sources.tracker").joinpath("demo", name).read_bytes() if name in FILES else None


@cache
def _template() -> str:
    return files("sources.tracker").joinpath("demo", "page.html").read_text(encoding="utf-8")
