"""The collector: requests and touches per CPU second beside an application that only answers, and latency to the row.

The collector runs as a user starts it, with a real Kafka (acks=all), a write key, validation, and no spool. The load
uses raw sockets from this process, whose CPU time does not count. `python -m tests.benchmarks.collector [SECONDS]`
prints the figures.
"""

import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from typing import Final

from deploy.jars import ensure_jars
from deploy.kafka_node import KafkaNode
from deploy.process import Child
from tests.benchmarks.comparison import Json
from tests.benchmarks.http_load import HttpLoad
from tests.benchmarks.low_rate import quantile, run_site
from tests.benchmarks.processes import read_cpu_s, read_rss_bytes
from tests.conftest import JARS_CACHE
from tests.journeys.collector_process import CollectorProcess, create_write_key
from tests.journeys.engine import Engine
from tests.journeys.site import ROOT, Site
from tests.journeys.waiting import PATIENCE_S, wait_for

SINGLE_CONNECTIONS: Final = 128
BATCH_CONNECTIONS: Final = 32
BATCH: Final = 100
DELAYS: Final = 300
_NOOP: Final = "noop: listening at http://127.0.0.1:"
_NOW_MS: Final = time.time_ns() // 1_000_000
_PATH: Final = "/v1/touches?channel=visits"
_AGENT: Final = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"


def make_touch(number: int) -> bytes:
    """Return a page view of about 380 bytes, as a browser's SDK sends it."""
    return json.dumps(
        {
            "type": "page",
            "event_id": f"0b7e6f1c-{number:012d}",
            "occurred_at": _NOW_MS + number % 1000,
            "anonymous_id": f"visitor-{number % 5000}",
            "url": f"https://shop.example/products/{number % 200}?utm_source=newsletter&utm_campaign=spring",
            "referrer": "https://www.search.example/",
            "title": "Blue shoes, size 42",
            "user_agent": _AGENT,
        }
    ).encode()


def make_batch(number: int) -> bytes:
    """Return an array of `BATCH` touches."""
    return b"[%s]" % b",".join([make_touch(number * BATCH + n) for n in range(BATCH)])


class Bodies:
    """Bodies made beforehand, in turn, because the load shares the machine with the collector."""

    def __init__(self, make: Callable[[int], bytes], count: int) -> None:
        self._made = [make(n) for n in range(count)]

    def __call__(self, number: int) -> bytes:
        """Return the body of the request of a number."""
        return self._made[number % len(self._made)]


@contextmanager
def running_noop(folder: Path) -> Iterator[tuple[int, int]]:
    """Run the application that only answers; yield its port and process id."""
    with Child("noop", [sys.executable, "-m", "tests.benchmarks.noop_server"], folder / "noop.log", cwd=ROOT) as child:
        line = child.wait_line(lambda text: text.startswith(_NOOP), PATIENCE_S)
        yield int(line.removeprefix(_NOOP)), child.pid


def measure_throughput(seconds: float, rounds: int = 3) -> Json:
    """Return requests and touches per CPU second: medians of rounds in which both servers take turns."""
    found: dict[str, list[float]] = {"single": [], "noop_single": [], "batch": [], "noop_batch": []}
    with ExitStack() as close:
        folder = Path(close.enter_context(tempfile.TemporaryDirectory(prefix="touchline-collector-")))
        node = close.enter_context(KafkaNode(folder / "kafka", ensure_jars(JARS_CACHE, print)))
        (folder / "site").mkdir()
        site = Site(node.bootstrap, Engine(folder), folder / "site")
        site.make_raw_topics()
        key = create_write_key(site)
        collector = CollectorProcess(site)
        close.callback(collector.stop)
        wait_for(collector.ready, "the collector to be ready")
        noop_port, noop_pid = close.enter_context(running_noop(folder))
        headers = f"Authorization: Bearer {key}\r\nContent-Type: application/json\r\n"
        loads = {
            "single": (Bodies(make_touch, 20_000), SINGLE_CONNECTIONS),
            "batch": (Bodies(make_batch, 300), BATCH_CONNECTIONS),
        }
        targets = {"": (collector.port, collector.child.pid), "noop_": (noop_port, noop_pid)}
        for _ in range(rounds):
            for kind, (bodies, connections) in loads.items():
                for prefix, (port, pid) in targets.items():
                    load = HttpLoad(port, _PATH, headers, bodies, connections)
                    per_s = asyncio.run(load.run(seconds, lambda pid=pid: read_cpu_s(pid)))  # type: ignore[misc]
                    found[prefix + kind].append(per_s)
        rss_bytes = read_rss_bytes(collector.child.pid)
    single, batch = statistics.median(found["single"]), statistics.median(found["batch"])
    return {
        "single_per_cpu_s": round(single),
        "noop_single_per_cpu_s": round(statistics.median(found["noop_single"])),
        "single_share_of_noop": round(single / statistics.median(found["noop_single"]), 3),
        "batch_touches_per_cpu_s": round(batch * BATCH),
        "noop_batch_touches_per_cpu_s": round(statistics.median(found["noop_batch"]) * BATCH),
        "batch_share_of_noop": round(batch / statistics.median(found["noop_batch"]), 3),
        "rss_mb": round(rss_bytes / (1 << 20)),
        "rounds": {name: [round(one) for one in rates] for name, rates in found.items()},
    }


def measure_request_to_row(requests_per_s: float = 100.0) -> Json:
    """Return the time from a request to its row in a query result, and to its answer, at a steady rate of requests."""
    with run_site() as running:
        key = create_write_key(running.site)
        collector = CollectorProcess(running.site)
        try:
            wait_for(collector.ready, "the collector to be ready")
            sent_s: dict[str, float] = {}
            answered_s: list[float] = []
            seen_s: dict[str, float] = {}
            client, random = running.site.client(), Random(1)
            begun_s = time.monotonic()
            query = "SELECT event_id FROM events WHERE startsWith(event_id, 'row-')"
            while len(seen_s) < DELAYS:
                due = min(DELAYS, int((time.monotonic() - begun_s) * requests_per_s)) - len(sent_s)
                for _ in range(min(due, 3)):
                    number = len(sent_s)
                    touch: dict[str, object] = json.loads(make_touch(random.getrandbits(30)))
                    now_s = time.time()
                    sent_s[f"row-{number}"] = now_s
                    touch |= {"event_id": f"row-{number}", "occurred_at": int(now_s * 1000)}
                    assert CollectorProcess.post(collector.address, key, "visits", [touch]) == 200
                    answered_s.append(time.time() - now_s)
                stored = {event_id for (event_id,) in client.query(query).result_rows}
                for event_id in stored - seen_s.keys():
                    seen_s[event_id] = time.time()
        finally:
            collector.stop()
    delays_s = sorted(seen_s[name] - sent_s[name] for name in sent_s)
    return {
        "requests": DELAYS,
        "row_p50_ms": round(1000 * quantile(delays_s, 0.5)),
        "row_p99_ms": round(1000 * quantile(delays_s, 0.99)),
        "answer_p50_ms": round(1000 * quantile(sorted(answered_s), 0.5), 1),
        "answer_p99_ms": round(1000 * quantile(sorted(answered_s), 0.99), 1),
    }


def main(words: list[str]) -> None:
    """`[SECONDS]`: seconds of each measurement."""
    seconds = float(words[0]) if words else 4.0
    print(json.dumps(measure_throughput(seconds), indent=1), flush=True)
    print(json.dumps(measure_request_to_row(), indent=1), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
