"""A collector of a site, as `touchline collect` runs it."""

import json
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from http.client import HTTPException
from pathlib import Path
from typing import Final

from deploy.process import Child
from tests.journeys.site import ANSWER_S, ROOT, STOP_S, Site
from tests.journeys.waiting import PATIENCE_S

_LISTENING: Final = "collector: listening at "
_METRICS: Final = "collector: metrics at "


class CollectorProcess:
    """A running collector. `port` 0 chooses a free one; `changed` are settings that differ from the site's."""

    def __init__(
        self, site: Site, name: str = "collector", *, port: int = 0, options: Sequence[str] = (), **changed: object
    ) -> None:
        argv = [sys.executable, "-m", "touchline", "collect", "--port", str(port), *options]
        log = site.folder / f"{name}.log"
        self.child = Child(name, argv, log, env=site.env(**changed), stop_s=STOP_S, cwd=ROOT)
        self.child.start()
        line = self.child.wait_line(lambda text: text.startswith(_LISTENING), PATIENCE_S)
        self.address = line.removeprefix(_LISTENING).strip()
        self.port = int(self.address.rpartition(":")[2])

    def metrics(self) -> str:
        """Return the text of its metrics page."""
        line = self.child.wait_line(lambda text: text.startswith(_METRICS), PATIENCE_S)
        with urllib.request.urlopen(line.removeprefix(_METRICS).strip(), timeout=ANSWER_S) as answer:
            return str(answer.read().decode())

    @staticmethod
    def post(address: str, key: str, channel: str, touches: Sequence[dict[str, object]]) -> int:
        """Send touches to a collector at this address and return the status of the answer; 0 means no answer."""
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        url = f"{address}/v1/touches?channel={channel}"
        request = urllib.request.Request(url, json.dumps(touches).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_S) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except (OSError, HTTPException):  # refused, or cut off by a kill
            return 0

    def ready(self) -> bool:
        """Return whether it accepts requests."""
        try:
            with urllib.request.urlopen(f"{self.address}/ready", timeout=ANSWER_S) as answer:
                return bool(answer.status == 200)
        except (OSError, HTTPException):
            return False

    def kill(self) -> None:
        """Kill it with SIGKILL."""
        self.child.kill()

    def stop(self) -> None:
        """Stop it in order."""
        self.child.stop()


def create_write_key(site: Site, source: str = "shop") -> str:
    """Create a write key of the site and return it."""
    return str(site.run_json("key", "create", "--source", source)["key"])


def spool_folder(site: Site) -> Path:
    """Return the spool's folder of the option `--spool` without a folder."""
    return site.folder / "spool"
