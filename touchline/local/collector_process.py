"""The HTTP collector of a local system as a child process."""

import sys
from collections.abc import Callable

from touchline.local.data_folder.ports_file import port_for
from touchline.local.serving_process import ServingProcess
from touchline.settings import Settings


def with_collector_ports(settings: Settings, notify: Callable[[str], None] = lambda line: None) -> Settings:
    """Return settings with ports of the collector: those that are set, or the folder's own.

    0 means the folder's own, too, since the process's port must be known before it starts. `notify`
    as in `port_for`. Raises OSError.
    """
    own = {"collect_port": "collector", "collect_metrics_port": "collector-metrics"}
    given = settings.model_dump(include=settings.model_fields_set & own.keys())
    chosen = {name: given.get(name) or port_for(settings.folder, part, notify) for name, part in own.items()}
    return settings.model_copy(update=chosen)


def collector_process(settings: Settings, lock_fd: int) -> ServingProcess:
    """Return the collector of a local system; its `/ready` answers 200 once it has the write keys and reaches Kafka."""
    argv = [sys.executable, "-m", "touchline", "collect"]
    log = settings.folder / "collector.log"
    return ServingProcess("the collector", argv, log, settings, settings.collect_metrics_port, lock_fd)
