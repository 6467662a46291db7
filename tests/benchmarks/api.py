"""The query API: requests per CPU second of its process, for an answer that is kept and for one that is asked anew.

The API runs as a user starts it, with a real Kafka, an engine, a token and a store of some touches; the CPU of the
engine does not count here (`queries.py` has it). `python -m tests.benchmarks.api [SECONDS]` prints the figures.
"""

import asyncio
import json
import sys
import urllib.request
from contextlib import ExitStack
from typing import Any, Final

from deploy.process import Child
from tests.benchmarks.comparison import Json
from tests.benchmarks.environment import print_progress
from tests.benchmarks.http_load import HttpLoad
from tests.benchmarks.low_rate import run_site
from tests.benchmarks.processes import read_cpu_s, read_rss_bytes
from tests.benchmarks.query_store import fill_store
from tests.journeys.site import ANSWER_S, ROOT, STOP_S, Site
from tests.journeys.waiting import PATIENCE_S, wait_for
from touchline.local.serving_process import is_ready

TOUCHES: Final = 100_000
CONNECTIONS: Final = 16
_LISTENING: Final = "api: listening at "
_KEPT: Final = "/v1/top?limit=50"


def measure_api(seconds: float) -> Json:
    """Return requests per CPU second and the memory of the process."""
    print_progress("the query API")
    with run_site() as running, ExitStack() as close:
        site = running.site
        fill_store(site.client(), TOUCHES, lambda text: None)
        token = str(site.run_json("token", "create", "--name", "bench", "--role", "analyst")["token"])
        child = close.enter_context(_serving(site, running.engine.port))
        port = int(child.wait_line(lambda text: text.startswith(_LISTENING), PATIENCE_S).rpartition(":")[2])
        wait_for(lambda: is_ready(port), "the API to be ready")
        customer = _get(port, "/v1/customers?limit=1", token)["rows"][0]["key"]
        paths = {"kept": _KEPT, "asked": f"/v1/customers/{customer}/touches?limit=50"}
        found = {}
        for name, path in paths.items():
            headers = f"Authorization: Bearer {token}\r\n"
            load = HttpLoad(port, path, headers, lambda number: b"", CONNECTIONS, "GET")
            found[f"{name}_per_cpu_s"] = round(asyncio.run(load.run(seconds, lambda: read_cpu_s(child.pid))))
        return {**found, "rss_mb": round(read_rss_bytes(child.pid) / (1 << 20))}


def _serving(site: Site, engine_port: int) -> Child:
    reading = f"http://reader:r@127.0.0.1:{engine_port}/{site.name}"
    argv = [sys.executable, "-m", "touchline", "serve", "--port", "0"]
    environment = site.env(serve_clickhouse=reading)
    return Child("the API", argv, site.folder / "api.log", env=environment, stop_s=STOP_S, cwd=ROOT)


def _get(port: int, path: str, token: str) -> Any:
    """Return the JSON of an answer."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=ANSWER_S) as answer:
        return json.loads(answer.read())


def main(words: list[str]) -> None:
    """`[SECONDS]`: seconds of each measurement."""
    print(json.dumps(measure_api(float(words[0]) if words else 4.0), indent=1), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
