"""Kafka and the embedded engine of a data folder, for a command that needs both while `touchline up` does not run."""

from collections.abc import Iterator
from contextlib import contextmanager

from touchline.local.data_folder.credentials import users_file
from touchline.local.discovery import running_here
from touchline.local.system import LocalSystem, Say
from touchline.settings import Settings


@contextmanager
def started(settings: Settings, say: Say) -> Iterator[Settings]:
    """Start what the folder has of both, without a worker, and give the settings with their addresses.

    Whatever is named in the settings, or runs already, is used as it is. Raises CliError when a part does not start.
    """
    if running_here(settings) or not is_startable(settings):
        yield settings
        return
    with LocalSystem(settings, say, with_worker=False) as system:
        yield system.settings


def is_startable(settings: Settings) -> bool:
    """Say whether an address is missing that `touchline up` on this folder has had its own part for."""
    has_kafka = bool(settings.kafka) or (settings.folder / "kafka").is_dir()
    has_engine = bool(settings.clickhouse) or users_file(settings.folder).exists()
    return has_kafka and has_engine and not (settings.kafka and settings.clickhouse)
