"""An API of a site, as `touchline serve` runs it."""

import sys
import urllib.request
from http.client import HTTPException
from typing import Final

from deploy.process import Child
from tests.journeys.site import ANSWER_S, ROOT, STOP_S, Site
from tests.journeys.waiting import PATIENCE_S

_LISTENING: Final = "api: listening at "


class ApiProcess:
    """A running API on any free port."""

    def __init__(self, site: Site) -> None:
        argv = [sys.executable, "-m", "touchline", "serve", "--port", "0"]
        env = site.env(serve_clickhouse=site.engine.url(site.name, "reader"))
        self.child = Child("api", argv, site.folder / "api.log", env=env, stop_s=STOP_S, cwd=ROOT)
        self.child.start()
        line = self.child.wait_line(lambda text: text.startswith(_LISTENING), PATIENCE_S)
        self.address = line.removeprefix(_LISTENING).strip()
        self.port = int(self.address.rpartition(":")[2])

    def ready(self) -> bool:
        """Return whether it answers questions."""
        try:
            with urllib.request.urlopen(f"{self.address}/ready", timeout=ANSWER_S) as answer:
                return bool(answer.status == 200)
        except (OSError, HTTPException):
            return False

    def stop(self) -> None:
        """Stop it in order."""
        self.child.stop()


def create_token(site: Site, role: str = "analyst") -> str:
    """Create a token of a role and return it."""
    return str(site.run_json("token", "create", "--role", role, "--name", role)["token"])
