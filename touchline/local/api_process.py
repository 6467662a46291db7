"""The query API of a local system as a child process, and the link that logs its owner in."""

import sys
import time
from collections.abc import Callable
from urllib.parse import urlencode

from dashboards.api.security.sessions import owner_link
from touchline.api.secret import serve_secret
from touchline.local.data_folder.ports_file import port_for
from touchline.local.serving_process import ServingProcess
from touchline.serving.addresses import reachable_url
from touchline.settings import Settings


def with_api_ports(settings: Settings, notify: Callable[[str], None] = lambda line: None) -> Settings:
    """Return settings with ports of the API: those that are set, or the folder's own.

    0 means the folder's own, too, since the process's port must be known before it starts. `notify`
    as in `port_for`. Raises OSError.
    """
    own = {"serve_port": "api", "serve_metrics_port": "api-metrics"}
    given = settings.model_dump(include=settings.model_fields_set & own.keys())
    chosen = {name: given.get(name) or port_for(settings.folder, part, notify) for name, part in own.items()}
    return settings.model_copy(update=chosen)


def api_process(settings: Settings, lock_fd: int) -> ServingProcess:
    """Return the API of a local system; its `/ready` answers 200 once it can check tokens."""
    argv = [sys.executable, "-m", "touchline", "serve"]
    return ServingProcess("the API", argv, settings.folder / "api.log", settings, settings.serve_metrics_port, lock_fd)


def api_url(settings: Settings) -> str:
    """Return the address at which programs on this machine reach the API."""
    return reachable_url(settings.serve_host, settings.serve_port, secure=settings.serve_cert is not None)


def login_link(settings: Settings, url: str, tenant: str = "main") -> str:
    """Return an address that logs the owner of the data folder in at the API, once and within half an hour."""
    code = owner_link(serve_secret(settings), time.time_ns() // 1_000_000, tenant)
    return f"{url}/login/once?{urlencode({'code': code})}"
