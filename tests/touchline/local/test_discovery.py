"""How commands find Kafka and ClickHouse."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from clickhouse_connect.driver.exceptions import ClickHouseError

from sinks.clickhouse.client import Address
from touchline.errors import CliError
from touchline.local.data_folder.run_file import RunFile, write_run_file
from touchline.local.discovery import need_kafka, open_reader, settings_here
from touchline.settings import read_settings


def run(**changed: object) -> RunFile:
    """Return the run file of this process."""
    given = {"pid": os.getpid(), "kafka": "127.0.0.1:1", "clickhouse": "", "reader": "", "metrics_port": 9100}
    return RunFile(**(given | changed))  # type: ignore[arg-type]


def test_running_system_of_the_folder_is_found(folder: Path) -> None:
    write_run_file(folder, run(clickhouse="http://w:1@h:1/t"))
    settings = settings_here()
    assert (settings.kafka, settings.clickhouse, settings.metrics_port) == ("127.0.0.1:1", "http://w:1@h:1/t", 9100)


def test_settings_take_precedence_over_the_running_system(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_run_file(folder, run(clickhouse="http://w:1@h:1/t"))
    monkeypatch.setenv("TOUCHLINE_KAFKA", "elsewhere:9092")
    settings = settings_here(str(folder))
    assert (settings.kafka, settings.clickhouse) == ("elsewhere:9092", "http://w:1@h:1/t")


def test_unknown_addresses_are_errors_with_advice(folder: Path) -> None:
    settings = settings_here()
    with pytest.raises(CliError, match=r"start `touchline up` .*TOUCHLINE_KAFKA") as kafka:
        need_kafka(settings)
    with pytest.raises(CliError, match=r"start `touchline up` .*TOUCHLINE_CLICKHOUSE"):
        open_reader(settings)
    assert str(folder) in str(kafka.value)


def test_reader_cannot_write(folder: Path, new_database: Callable[..., Address], url: Callable[..., str]) -> None:
    here = new_database()
    write_run_file(folder, run(clickhouse=url(here), reader=url(here, "reader", "r")))
    reader = open_reader(settings_here())
    assert reader.query("SELECT count() FROM events").result_rows == [(0,)]
    with pytest.raises(ClickHouseError):
        reader.command("TRUNCATE TABLE events")
    reader.close()


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("h:8123/touchline", "begins with http"),
        ("http://u:secret@127.0.0.1:1/touchline", "cannot be reached"),
        ("http://u:secret@127.0.0.1:1/default", "a database of Touchline's own"),
        ("http://u:secret@127.0.0.1:99999/touchline", "no number between"),
    ],
)
def test_wrong_address_is_one_sentence_without_the_password(address: str, reason: str) -> None:
    with pytest.raises(CliError, match=reason) as refused:
        open_reader(read_settings(clickhouse=address))
    assert "secret" not in str(refused.value)
    assert str(refused.value).endswith(".")


def test_wrong_password_is_an_error(new_database: Callable[..., Address], url: Callable[..., str]) -> None:
    here = new_database()
    with pytest.raises(CliError, match="refuses user 'writer': correct the user or the password"):
        open_reader(read_settings(clickhouse=url(here, password="wrong")))


def test_missing_database_is_an_error(new_database: Callable[..., Address], url: Callable[..., str]) -> None:
    with pytest.raises(CliError, match="`touchline migrate`"):
        open_reader(read_settings(clickhouse=url(new_database(empty=True))))
