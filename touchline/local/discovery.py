"""Discovery of Kafka and ClickHouse: from the settings, or from the running system of the data folder."""

from typing import Any

from sinks.clickhouse.client import Address, Client, StoreUnavailableError, connect, parse_address
from touchline.errors import CliError
from touchline.local.data_folder.run_file import RunFile, read_run_file
from touchline.settings import Settings, read_settings


def settings_here(data: str | None = None, **given: Any) -> Settings:
    """Return the settings. Addresses that are not set are those of the system that runs on the data folder."""
    settings = read_settings(data=data, **given)
    running = read_run_file(settings.folder)
    if running is None:
        return settings
    found = {
        "kafka": settings.kafka or running.kafka,
        "clickhouse": settings.clickhouse or running.clickhouse,
        "metrics_port": settings.metrics_port or running.metrics_port,
        "serve_clickhouse": settings.serve_clickhouse or ("" if settings.clickhouse else running.reader),
    }
    return settings.on_one_machine().model_copy(update=found)


def running_here(settings: Settings) -> RunFile | None:
    """Return what `touchline up` runs on the data folder; None if nothing runs."""
    return read_run_file(settings.folder)


def need_kafka(settings: Settings) -> str:
    """Return the address of Kafka. Raises CliError if it is unknown."""
    if not settings.kafka:
        raise CliError(
            f"No Kafka: start `touchline up` on {settings.folder} (if it is just starting, wait until it prints its "
            "addresses), or set TOUCHLINE_KAFKA=host:port."
        )
    return settings.kafka


def need_clickhouse(settings: Settings) -> Address:
    """Return the address of ClickHouse, for a writer. Raises CliError if it is unknown or wrong."""
    return _read_address(settings, settings.clickhouse)


def _read_address(settings: Settings, url: str) -> Address:
    if not url:
        raise CliError(
            f"No ClickHouse: start `touchline up` on {settings.folder} (if it is just starting, wait until it prints "
            "its addresses), or set TOUCHLINE_CLICKHOUSE=https://user:password@host:8443/touchline."
        )
    try:
        return parse_address(url)
    except ValueError as error:
        raise CliError(f"TOUCHLINE_CLICKHOUSE: {error}.") from error


def open_reader(settings: Settings) -> Client:
    """Return a ClickHouse client that reads. Raises CliError if the address is unknown or wrong."""
    running = running_here(settings)
    address = settings.clickhouse
    if running and settings.clickhouse == running.clickhouse:
        address = running.commands or running.reader
    try:
        return connect(_read_address(settings, address), "read")
    except StoreUnavailableError as error:
        raise CliError(f"{error}.", code=1 if error.is_transient else 78) from error
