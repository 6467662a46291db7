"""A `touchline collect` on a real Kafka, with topics and a write key of its own."""

import json
import os
import subprocess
import sys
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import uuid4

from prometheus_client.parser import text_string_to_metric_families

from deploy.process import Child
from tests.journeys.waiting import PATIENCE_S
from touchline.settings import PREFIX

ROOT: Final = Path(__file__).parents[2]
SOURCE: Final = "sdk"
REQUESTS: Final = "touchline_collector_requests_total"
_LISTENING: Final = "collector: listening at "
_METRICS: Final = "collector: metrics at "


@dataclass(slots=True)
class CollectorProcess:
    """A running collector. `key` is a write key for all channels, of the source `sdk`.

    `env` is the environment of its commands; without one, it has topics of its own.
    """

    kafka: str
    folder: Path
    prefix: str = field(default_factory=lambda: f"c{uuid4().hex[:7]}-")
    env: dict[str, str] = field(default_factory=dict)
    key: str = ""
    address: str = ""
    metrics: str = ""
    child: Child | None = None

    def start(self) -> None:
        """Create the key, start the collector, and wait until it takes requests."""
        env = (self.env or self._own_env()) | {f"{PREFIX}COLLECT_METRICS_PORT": "0"}
        touchline = [sys.executable, "-m", "touchline"]
        made = subprocess.run(
            [*touchline, "key", "create", "--source", SOURCE, "--json"],
            env=env,
            cwd=ROOT,
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
        )
        assert made.returncode == 0, made.stderr.decode()
        self.key = json.loads(made.stdout)["key"]

        argv = [*touchline, "collect", "--port", "0"]
        self.child = Child("collector", argv, self.folder / "collector.log", env=env, stop_s=PATIENCE_S, cwd=ROOT)
        self.child.start()
        self.child.wait_line(lambda line: "requests are accepted" in line, PATIENCE_S)
        line = self.child.wait_line(lambda line: line.startswith(_LISTENING), PATIENCE_S)
        self.address = line.removeprefix(_LISTENING).strip()
        line = self.child.wait_line(lambda line: line.startswith(_METRICS), PATIENCE_S)
        self.metrics = line.removeprefix(_METRICS).strip()

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

    def _own_env(self) -> dict[str, str]:
        others = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        mine = {"KAFKA": self.kafka, "TOPIC_PREFIX": self.prefix, "DATA": str(self.folder)}
        return others | {f"{PREFIX}{name}": value for name, value in mine.items()}
