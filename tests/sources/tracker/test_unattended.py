"""A visit in a Chromium without a debugger, which keeps and prerenders pages as a user's browser does.

The pages find their way by themselves: each waits until the collector has what was sent so far, then goes on.
"""

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from aiohttp import web

from tests.sources.collector.running import KEY, Collector, running_collector
from tests.sources.tracker.browsing import CHROMIUM, PATIENCE_S, needs_chromium

pytestmark = [needs_chromium, pytest.mark.slow]
PRERENDER_S: Final = 20  # until Chromium, which may decide not to prerender, is not waited for any longer

WAIT: Final = "const until = (what) => fetch('/until?' + what).then((answer) => answer.text());"
SCRIPTS: Final = {
    "/one": """addEventListener('pageshow', async (event) => {
        await until(event.persisted ? 'pages=3' : 'pages=1');
        location.href = event.persisted ? '/three' : '/two';
    });""",
    "/two": "until('pages=2').then(() => history.back());",
    "/three": "until('pages=4').then(() => until('prerendered')).then(() => { location.href = '/soon'; });",
    "/soon": """addEventListener('load', () => fetch('/loaded?' + document.prerendering));
        until('pages=5');""",
}
RULES: Final = '<script type="speculationrules">{"prerender": [{"urls": ["/soon"], "eagerness": "immediate"}]}</script>'


class Walk:
    """The pages of the visit, and what the collector has at each step."""

    def __init__(self, collector: Collector) -> None:
        self.collector = collector
        self.loads: list[str] = []
        self.prerendered: list[list[str]] = []  # the page views at the time a prerendered page had loaded

    @property
    def views(self) -> list[str]:
        """Return the paths of the page views, each once."""
        pages = {touch["event_id"]: touch["url"] for touch in self.collector.sink.touches if touch["type"] == "page"}
        return [f"/{url.rpartition('/')[2]}" for url in pages.values()]

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Return a page, or an answer to its script once what it waits for is there."""
        if request.path == "/loaded" and request.query_string == "true":
            self.prerendered.append(self.views)
        if request.path == "/until" and request.query_string == "prerendered":
            await wait_until(lambda: self.prerendered, PRERENDER_S)
        elif request.path == "/until":
            await wait_until(lambda: len(self.views) >= int(request.query["pages"]), PATIENCE_S)
        if request.path not in SCRIPTS:
            return web.Response(text="")
        self.loads.append(request.path)
        tracker = f'<script src="http://127.0.0.1:{self.collector.port}/t.js" data-key="{KEY}"></script>'
        rules = RULES if request.path == "/three" else ""
        script = f"<script>{WAIT}{SCRIPTS[request.path]}</script>"
        text = f"<!doctype html><title>{request.path}</title>{tracker}{rules}<p>page</p>{script}"
        return web.Response(text=text, content_type="text/html")


async def wait_until(condition: Callable[[], object], most_s: float) -> bool:
    """Wait until a condition holds, at most so long; return whether it does."""
    try:
        async with asyncio.timeout(most_s):
            while not condition():  # noqa: ASYNC110 - the collector appends to a list
                await asyncio.sleep(0.02)
    except TimeoutError:
        return False
    return True


async def test_pages_that_are_kept_and_prerendered(tmp_path: Path) -> None:
    async with running_collector() as collector:
        walk = Walk(collector)
        runner = web.ServerRunner(web.Server(walk.answer))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        first = f"http://localhost:{runner.addresses[0][1]}/one"
        options = ("--headless=new", "--no-sandbox", "--no-first-run", f"--user-data-dir={tmp_path / 'profile'}")
        browser = await asyncio.create_subprocess_exec(
            CHROMIUM, *options, first, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        try:
            await wait_until(lambda: walk.loads.count("/one") > 1 or len(walk.views) == 5, PATIENCE_S)
        finally:
            os.killpg(browser.pid, signal.SIGTERM)
            await browser.wait()
            await runner.cleanup()
    if walk.loads.count("/one") > 1:
        pytest.skip("Chromium did not keep the page that was left")
    assert walk.views == ["/one", "/two", "/one", "/three", "/soon"]
    assert walk.loads == ["/one", "/two", "/three", "/soon"]
    if not walk.prerendered:
        pytest.skip("Chromium did not prerender the page")
    assert walk.prerendered == [["/one", "/two", "/one", "/three"]]
