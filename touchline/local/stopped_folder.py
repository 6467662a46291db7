"""Kafka and the engine of a data folder for a command that needs both while `touchline up` is stopped."""

from collections.abc import Iterator
from contextlib import contextmanager

from touchline.local.data_folder.credentials import users_file
from touchline.local.discovery import running_here
from touchline.local.system import LocalSystem, Notify
from touchline.settings import Settings


@contextmanager
def started(settings: Settings, notify: Notify) -> Iterator[Settings]:
    """Start what the folder has of both, without a worker, and yield settings with their addresses.

    Whatever the settings name, or already runs, is used as it is. Raises CliError if a part does not start.
    """
    if running_here(settings) or not is_startable(settings):
        yield settings
        return
    with LocalSystem(settings, notify, with_worker=False) as system:
        yield system.settings


def is_startable(settings: Settings) -> bool:
    """Return whether an address is missing for which `touchline up` has run its own part on this folder."""
    has_kafka = bool(settings.kafka) or (settings.folder / "kafka").is_dir()
    has_engine = bool(settings.clickhouse) or users_file(settings.folder).exists()
    return has_kafka and has_engine and not (settings.kafka and settings.clickhouse)
