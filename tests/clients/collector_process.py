"""A `touchline collect` on a real Kafka with topics of its own, and write keys for it."""

import os
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final
from uuid import uuid4

from prometheus_client.parser import text_string_to_metric_families

from deploy.process import Child
from tests.clients.received import Received, read_touches
from tests.journeys.waiting import PATIENCE_S, wait_for
from touchline.ops.write_keys import KeyRequest, create_key
from touchline.settings import PREFIX, Settings

ROOT: Final = Path(__file__).parents[2]
REQUESTS: Final = "touchline_collector_requests_total"
_LISTENING: Final = "collector: listening at "
_METRICS: Final = "collector: metrics at "


@dataclass(frozen=True, slots=True)
class Sender:
    """What an SDK needs to send to a collector: a write key for all channels, of a source of its own."""

    collector: "CollectorProcess"
    source: str
    key: str

    @property
    def address(self) -> str:
        """The collector's address."""
        return self.collector.address

    def received(self, count: int) -> list[Received]:
        """Wait for as many touches of the source; return them with their channels."""
        return read_touches(self.collector.settings.kafka, self.collector.settings.topic_prefix, count, self.source)


@dataclass(slots=True)
class CollectorProcess:
    """A running collector. Its topics, Kafka and folder are those of `settings`."""

    settings: Settings
    address: str = ""
    metrics: str = ""
    child: Child | None = None

    def start(self) -> None:
        """Start the collector, and wait until it takes requests."""
        folder = Path(self.settings.data)
        argv = [sys.executable, "-m", "touchline", "collect", "--port", "0"]
        self.child = Child("collector", argv, folder / "collector.log", env=self._env(), stop_s=PATIENCE_S, cwd=ROOT)
        self.child.start()
        self.child.wait_line(lambda line: "requests are accepted" in line, PATIENCE_S)
        line = self.child.wait_line(lambda line: line.startswith(_LISTENING), PATIENCE_S)
        self.address = line.removeprefix(_LISTENING).strip()
        line = self.child.wait_line(lambda line: line.startswith(_METRICS), PATIENCE_S)
        self.metrics = line.removeprefix(_METRICS).strip()

    def new_sender(self) -> Sender:
        """Create a write key; return when the collector takes it."""
        source = f"sdk-{uuid4().hex[:7]}"
        request, now_ms = KeyRequest(source), time.time_ns() // 1_000_000
        with ThreadPoolExecutor(1) as pool:  # Playwright's event loop runs in the thread of the test
            key, _ = pool.submit(create_key, self.settings, request, now_ms).result()
        wait_for(lambda: self._answer(key) != HTTPStatus.UNAUTHORIZED, "the collector to know the key")
        return Sender(self, source, key)

    def _answer(self, key: str) -> int:
        """Return the status of a request without touches."""
        request = urllib.request.Request(
            f"{self.address}/v1/touches?channel=visits", b"", {"Authorization": f"Bearer {key}"}
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    def stop(self) -> None:
        """Stop the collector."""
        if self.child is not None:
            self.child.stop()

    def successes(self, route: str) -> float:
        """Return how many requests of a route were answered 200, by the collector's metrics."""
        with urllib.request.urlopen(self.metrics, timeout=PATIENCE_S) as page:
            families = text_string_to_metric_families(page.read().decode())
            samples = [sample for family in families for sample in family.samples]
        wanted = {"route": route, "status": "200"}
        return sum(one.value for one in samples if one.name == REQUESTS and one.labels == wanted)

    def _env(self) -> dict[str, str]:
        others = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        mine = self.settings.model_dump(mode="json", exclude_unset=True) | {"collect_metrics_port": 0}
        return others | {f"{PREFIX}{name.upper()}": str(value) for name, value in mine.items()}
