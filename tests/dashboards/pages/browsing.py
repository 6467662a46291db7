"""Chromium on the pages of a running API, and what must be true of each page that it shows."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from dashboards.api.security.roles import Role
from dashboards.api.security.sessions import COOKIE
from tests.dashboards.api.running import RunningApi
from tests.sources.tracker.browsing import CHROMIUM

needs_chromium = pytest.mark.skipif(not CHROMIUM.exists(), reason="no /usr/bin/chromium: apt-get install chromium")
MOVES: Final = "moves"  # expected of a page whose content changes while it is open
PATIENCE_MS: Final = 60_000
ZONE: Final = "Europe/Berlin"
WIDE: Final = (1280, 900)
PHONE: Final = (390, 844)

_WATCH: Final = """
window.__moved = [];
window.__refused = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (entry.hadRecentInput) continue;
    const parts = entry.sources.map((source) => `${source.node?.outerHTML?.slice(0, 120) ?? source.node?.textContent}`
      + ` from ${JSON.stringify(source.previousRect)} to ${JSON.stringify(source.currentRect)}`);
    window.__moved.push(...parts);
  }
}).observe({ type: "layout-shift", buffered: true });
document.addEventListener("securitypolicyviolation", (event) => {
  window.__refused.push(event.violatedDirective + " " + event.blockedURI);
});
"""
_BYTES: Final = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .reduce((sum, entry) => sum + entry.encodedBodySize, 0)"""
_SIDEWAYS: Final = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Run Chromium until the block ends."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"], timeout=PATIENCE_MS)
        try:
            yield browser
        finally:
            await browser.close()


@dataclass
class Visit:
    """A page that a viewer has open. `problems` are errors of its console and of its scripts, except expected ones."""

    page: Page
    url: str
    expected: tuple[str, ...] = ()  # parts of messages
    problems: list[str] = field(default_factory=list)

    async def goto(self, path: str) -> None:
        """Open a page of the site."""
        await self.page.goto(self.url + path)

    def note(self, problem: str) -> None:
        """Note a problem unless it is expected."""
        if not any(part in problem for part in self.expected):
            self.problems.append(problem)

    async def check(self) -> None:
        """Assert what must be true of each page at any time."""
        refused = await self.page.evaluate("window.__refused")
        assert (self.problems, refused) == ([], []), self.page.url
        moved = await self.page.evaluate("window.__moved")
        assert moved == [] or MOVES in self.expected, f"{self.page.url} moved what was shown already: {moved}"
        assert await self.page.evaluate(_SIDEWAYS) == 0, f"{self.page.url} scrolls sideways"

    async def check_accessibility(self) -> None:
        """Assert that axe-core finds nothing."""
        found = await Axe().run(self.page)
        texts = [
            f"{one['id']}: {one['help']} {[node['html'][:200] for node in one['nodes'][:3]]}"
            for one in found.response["violations"]
        ]
        assert texts == [], self.page.url

    async def loaded_bytes(self) -> int:
        """Return the size of all bodies that the page has loaded, as they were sent."""
        size: int = await self.page.evaluate(_BYTES)
        return size


@dataclass
class Site:
    """Pages of a running API, and a browser to look at them."""

    api: RunningApi
    browser: Browser

    async def context(
        self,
        role: Role | None = "admin",
        *,
        size: tuple[int, int] = WIDE,
        dark: bool = False,
        token: str = "",
        tenant: str = "main",
    ) -> BrowserContext:
        """Return a browser of its own for a viewer of a role, who is logged in by a token, by default that of the role;
        for nobody if the role is None."""
        context = await self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            timezone_id=ZONE,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        await context.add_init_script(_WATCH)
        if role is not None:
            services = self.api.services
            cookie = services.sessions.begin(token or f"id-{role}", role, tenant, services.now_ms())
            await context.add_cookies([{"name": COOKIE, "value": cookie, "url": self.api.url}])
        return context

    @asynccontextmanager
    async def visit(
        self, path: str, role: Role | None = "admin", *, expected: tuple[str, ...] = (), **more: Any
    ) -> AsyncIterator[Visit]:
        """Open a page in a browser of its own; check it at the end of the block. `more`: see `context`."""
        context = await self.context(role, **more)
        try:
            visit = await self.open(context, path, expected)
            yield visit
            await visit.check()
        finally:
            await context.close()

    async def open(self, context: BrowserContext, path: str, expected: tuple[str, ...] = ()) -> Visit:
        """Open a page in a further tab of a browser."""
        page = await context.new_page()
        visit = Visit(page, self.api.url, expected)
        page.on("console", lambda message: visit.note(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: visit.note(str(error)))
        await visit.goto(path)
        return visit
