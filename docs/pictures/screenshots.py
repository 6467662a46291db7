"""Screenshots for README and the guide of the pages, of a running `touchline demo`.

    python docs/pictures/screenshots.py LINK

LINK is `pages` of `touchline where --json`: it logs in once. Let the demo run for 20 minutes before, so that the
import of its recordings is out of the chart.
"""

import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, StorageState, sync_playwright

CHROMIUM: Final = "/usr/bin/chromium"
HERE: Final = Path(__file__).parent
MOST_BYTES: Final = 200_000
SHOTS: Final = {  # name: (path, width, height, dark)
    "overview.png": ("/", 1280, 760, False),
    "overview-dark.png": ("/", 1280, 760, True),
}


def take(browser: Browser, site: str, login: StorageState, name: str) -> None:
    """Write one screenshot. Raises ValueError if the file is larger than `MOST_BYTES`."""
    path, width, height, dark = SHOTS[name]
    scheme = "dark" if dark else "light"
    context = browser.new_context(
        storage_state=login,
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        timezone_id="Europe/Berlin",
    )
    page = context.new_page()
    page.goto(site + path)
    page.locator("body[data-live=on]").wait_for()
    page.locator("[data-feed] [data-touch]").nth(5).wait_for()
    page.locator("#hot [data-row]").nth(9).wait_for()
    file = HERE / name
    page.screenshot(path=file)
    context.close()
    if file.stat().st_size > MOST_BYTES:
        raise ValueError(f"{file} has more than {MOST_BYTES:,} bytes: make its window smaller")


def main(link: str) -> None:
    """Write all screenshots."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context()
        page = context.new_page()
        page.goto(link)
        site, login = page.evaluate("location.origin"), context.storage_state()
        for name in SHOTS:
            take(browser, site, login, name)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
