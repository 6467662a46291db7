"""Chromium, a site whose pages have the tracker, and a collector: what tests of the tracker work with."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from aiohttp import web
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.sources.collector.running import KEY, Collector, running_collector

CHROMIUM: Final = Path("/usr/bin/chromium")
PATIENCE_S: Final = 120
AGENT: Final = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
needs_chromium = pytest.mark.skipif(not CHROMIUM.exists(), reason="no /usr/bin/chromium: apt-get install chromium")

BODY: Final = """
<a id="inside" href="/second">second</a>
<a id="outside" href="http://elsewhere.example/there">elsewhere</a>
<a id="file" href="/files/prices.pdf?v=2">prices</a>
<button id="named" data-touch="Try it">Try</button>
<form id="signup" action="/thanks">
  <input name="mail" data-touch-field="email"><input name="who" data-touch-field="traits.name">
  <input name="plan" data-touch-field="plan"><input name="note">
  <input type="password" name="secret" data-touch-field="secret"><button id="send">Send</button>
</form>
<svg height="5000"></svg>
"""


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Run Chromium until the block ends. It keeps pages that are left, as users' browsers do."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox"],
            ignore_default_args=["--disable-back-forward-cache"],
            timeout=PATIENCE_S * 1000,
        )
        try:
            yield browser
        finally:
            await browser.close()


@dataclass
class Pages:
    """A site whose pages load the tracker, and a browser that has never been there."""

    script_host: str  # the collector's address
    key: str
    context: BrowserContext
    address: str = ""
    attributes: str = ""  # of the script's tag
    head: str = ""  # before it
    errors: list[str] = field(default_factory=list)  # that no script of the page caught

    async def open(self, path: str = "/", page: Page | None = None) -> Page:
        """Open a page of the site in a tab, a new one if none is given, and wait for its tracker."""
        if page is None:
            page = await self.context.new_page()
            page.on("pageerror", lambda error: self.errors.append(str(error)))
        await page.goto(self.address + path)
        await page.wait_for_function("window.touchline && touchline.version")
        return page

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Return the page of any path; `/bare` has no tracker."""
        if request.path == "/bare":
            return web.Response(text="<!doctype html><p>no tracker</p>", content_type="text/html")
        script = f'<script async src="{self.script_host}/t.js" data-key="{self.key}" {self.attributes}></script>'
        head = f"<title>{request.path}</title>{self.head}{script}"
        text = f"<!doctype html><html><head>{head}</head><body>{BODY}</body></html>"
        return web.Response(text=text, content_type="text/html")

    @asynccontextmanager
    async def served(self) -> AsyncIterator[None]:
        """Serve the pages until the block ends. The host differs from the collector's, so it is another site."""
        runner = web.ServerRunner(web.Server(self.answer))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.address = f"http://localhost:{runner.addresses[0][1]}"
        try:
            yield
        finally:
            await self.context.close()
            await runner.cleanup()
        assert self.errors == [], "the tracker broke a page"


async def new_context(browser: Browser) -> BrowserContext:
    """Return a context whose user agent is no program's."""
    context = await browser.new_context(user_agent=AGENT)
    context.set_default_timeout(PATIENCE_S * 1000)
    return context


class Visited(Pages):
    """A site whose collector is in the process of the test, with a sink in memory."""

    collector: Collector

    @property
    def touches(self) -> list[dict[str, Any]]:
        """What the collector has, in the order of arrival; of repeated touches the first."""
        found = {touch.get("event_id"): touch for touch in reversed(self.sent) if touch["type"] != "ping"}
        return list(reversed(found.values()))

    @property
    def sent(self) -> list[dict[str, Any]]:
        """What the collector has, with pings and repetitions."""
        return self.collector.sink.touches

    def of(self, kind: str) -> list[dict[str, Any]]:
        """Return the touches of a type."""
        return [touch for touch in self.touches if touch["type"] == kind]

    async def wait_for(self, condition: Callable[[], object]) -> None:
        """Wait until a condition holds of what the collector has."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not condition():  # noqa: ASYNC110 - the collector appends to a list
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError(f"the collector has {self.sent}; faults of the page: {self.errors}") from None

    async def wait_for_types(self, *kinds: str) -> None:
        """Wait until the collector has touches of exactly these types, in any order."""
        await self.wait_for(lambda: sorted(touch["type"] for touch in self.touches) == sorted(kinds))


@asynccontextmanager
async def visiting(browser: Browser, key: str = KEY, attributes: str = "", head: str = "") -> AsyncIterator[Visited]:
    """Run a site and its collector until the block ends."""
    async with running_collector() as collector:
        context = await new_context(browser)
        site = Visited(f"http://127.0.0.1:{collector.port}", key, context, "", attributes, head)
        site.collector = collector
        async with site.served():
            yield site
