"""The worker of a local system as a child process."""

import sys

from touchline.local.serving_process import ServingProcess
from touchline.settings import Settings


def worker_process(settings: Settings, lock_fd: int) -> ServingProcess:
    """Return the one worker of a local system; its `/ready` answers 200 once it processes records."""
    argv = [sys.executable, "-m", "touchline", "worker"]
    return ServingProcess("the worker", argv, settings.folder / "worker.log", settings, settings.metrics_port, lock_fd)
