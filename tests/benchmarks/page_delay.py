"""The time from sending a touch to a collector until Chromium shows it on a page, without reloading.

Everything runs as a user starts it. On the overview the load is a few touches a second, because it lists only the
newest ones; on the page of a customer, whose touches are followed, it is any. `python -m tests.benchmarks.page_delay
[RATE]` prints the figures.
"""

import json
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from playwright.sync_api import Browser, Page, sync_playwright

from tests.benchmarks.comparison import Json
from tests.benchmarks.live_viewers import running_api
from tests.benchmarks.low_rate import RunningSite, quantile
from tests.journeys.api_process import ApiProcess, create_token
from tests.journeys.collector_process import CollectorProcess, create_write_key
from tests.journeys.waiting import wait_for
from tests.sources.tracker.browsing import CHROMIUM

RATE: Final = 2_500.0  # touches a second beside those that are followed
FEW: Final = 3.0
PROBES: Final = 100
PAUSE_S: Final = 0.3
PATIENCE_MS: Final = 60_000
EMAIL: Final = "followed@example.org"
# Notes when a text first appears: a probe is `/probe/N`.
_WATCH: Final = """
window.__seen = {};
const look = () => {
  for (const [name] of document.body.textContent.matchAll(/probe\\/\\d+/g)) window.__seen[name] ??= Date.now();
};
new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true });
"""


def measure_page_delays(touches_per_s: float = RATE) -> Json:
    """Return delays on the overview beside a few touches a second, and on a customer's page beside many."""
    with running_api() as (running, api, _), _collecting(running) as send, sync_playwright() as playwright:
        token = create_token(running.site, "admin")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        send(0)
        wait_for(lambda: _key_of(api, token), "the customer to be stored")
        with running.load(FEW, "few"):
            overview_s = sorted(_follow(_open(browser, api, token, "/"), send, 1))
        with running.load(touches_per_s, "many"):
            page = _open(browser, api, token, f"/customers/{_key_of(api, token)}")
            customer_s = sorted(_follow(page, send, 1 + PROBES))
        browser.close()
    return {
        "touches_per_s": touches_per_s,
        "probes": PROBES,
        "overview_p50_ms": round(1000 * quantile(overview_s, 0.5)),
        "overview_p99_ms": round(1000 * quantile(overview_s, 0.99)),
        "customer_p50_ms": round(1000 * quantile(customer_s, 0.5)),
        "customer_p99_ms": round(1000 * quantile(customer_s, 0.99)),
    }


class _Collecting:
    """Sends probes to a collector."""

    def __init__(self, address: str, key: str) -> None:
        self._address, self._key = address, key

    def __call__(self, number: int) -> float:
        """Send a probe, and return when its sending began."""
        now_s = time.time()
        touch = {
            "type": "page", "email": EMAIL, "occurred_at": int(now_s * 1000),
            "url": f"https://shop.example/probe/{number}",
            "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        }  # fmt: skip
        assert CollectorProcess.post(self._address, self._key, "visits", [touch]) == 200
        return now_s


@contextmanager
def _collecting(running: RunningSite) -> Iterator[_Collecting]:
    key = create_write_key(running.site)
    collector = CollectorProcess(running.site)
    try:
        wait_for(collector.ready, "the collector to be ready")
        yield _Collecting(collector.address, key)
    finally:
        collector.stop()


def _key_of(api: ApiProcess, token: str) -> str:
    """Return the key of the followed customer, '' before it is stored."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    body = json.dumps({"identifier": EMAIL}).encode()
    request = urllib.request.Request(f"{api.address}/v1/customers/search", body, headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return str(json.loads(answer.read())["key"])
    except urllib.error.HTTPError:
        return ""


def _open(browser: Browser, api: ApiProcess, token: str, path: str) -> Page:
    """Log in and open a page that is live."""
    page = browser.new_context(bypass_csp=True).new_page()  # Playwright polls with eval
    page.set_default_timeout(PATIENCE_MS)
    page.add_init_script(_WATCH)
    page.goto(f"{api.address}/login")
    page.fill("#token", token)
    page.click("form button")
    page.wait_for_url(f"{api.address}/")
    page.goto(f"{api.address}{path}")
    page.wait_for_selector("body[data-live=on]")
    return page


def _follow(page: Page, send: _Collecting, first: int) -> Iterator[float]:
    """Send probes one after another, and yield the seconds until the page shows each."""
    for number in range(first, first + PROBES):
        sent_s = send(number)
        seen = page.wait_for_function(f"window.__seen['probe/{number}']", polling=20)
        yield int(seen.json_value()) / 1000 - sent_s
        time.sleep(PAUSE_S)


if __name__ == "__main__":
    print(json.dumps(measure_page_delays(*map(float, sys.argv[1:2])), indent=1), flush=True)
