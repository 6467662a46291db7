"""Pages of a site on another origin than the collector, with the SDK of a family."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Final

from deploy.ports import LOOPBACK
from tests.clients.installed import CLIENTS

SCRIPTS: Final = {
    "segment.js": "@segment/analytics-next/dist/umd/standalone.js",
    "rudderstack.js": "@rudderstack/analytics-js/dist/npm/modern/bundled/umd/index.js",
    "snowplow.js": "@snowplow/browser-tracker/dist/index.umd.js",
}


class _Pages(BaseHTTPRequestHandler):
    def __init__(self, modules: Path, *words: Any) -> None:
        self._modules = modules
        super().__init__(*words)

    def do_GET(self) -> None:
        name = self.path.partition("?")[0].strip("/")
        if name in SCRIPTS:
            self._answer((self._modules / SCRIPTS[name]).read_bytes(), "text/javascript")
        elif name.removesuffix(".html") + ".js" in SCRIPTS:
            self._answer((CLIENTS / "browser" / name).read_bytes(), "text/html")
        else:
            self._answer(b"", "text/plain")  # the icon

    def _answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("content-type", f"{kind}; charset=utf-8")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing."""


@contextmanager
def serving_pages(modules: Path) -> Iterator[str]:
    """Serve the pages from the installed packages; yield their origin."""
    server = ThreadingHTTPServer((LOOPBACK, 0), partial(_Pages, modules))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://{LOOPBACK}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
