"""All checks, in the order in which the things they check depend on each other."""

import sys
from collections.abc import Callable, Iterator
from typing import Final

from touchline.errors import CliError
from touchline.local.discovery import settings_here
from touchline.ops.doctor.clickhouse_checks import check_clickhouse, check_stored_rows, check_tables
from touchline.ops.doctor.findings import CheckError, Finding, SkippedCheckError
from touchline.ops.doctor.kafka_checks import check_all_topics, check_kafka
from touchline.ops.doctor.machine_checks import check_folder, check_geoip, check_java, check_rules, check_variables
from touchline.ops.doctor.server_checks import check_api, check_collector
from touchline.settings import Settings, SettingsError

Check = Callable[[Settings], str]
_CHECKS: Final[tuple[tuple[str, Check], ...]] = (
    ("Python", lambda _: f"{sys.version_info.major}.{sys.version_info.minor}"),
    ("settings", check_variables),
    ("rules", check_rules),
    ("data folder", check_folder),
    ("places by IP", check_geoip),
    ("Java and jars", check_java),
    ("Kafka", check_kafka),
    ("topics", check_all_topics),
    ("ClickHouse", check_clickhouse),
    ("tables", check_tables),
    ("stored rows", check_stored_rows),
    ("collector", check_collector),
    ("API", check_api),
)


def examine(data: str | None) -> list[Finding]:
    """Return the findings of all checks; only that of the settings if those are wrong."""
    try:
        settings = settings_here(data)
    except (SettingsError, CliError) as error:
        return [Finding("settings", "PROBLEM", str(error))]
    return list(_findings(settings))


def _findings(settings: Settings) -> Iterator[Finding]:
    for what, check in _CHECKS:
        try:
            yield Finding(what, "ok", check(settings))
        except CheckError as failed:
            yield Finding(what, "PROBLEM", str(failed))
        except SkippedCheckError as why:
            yield Finding(what, "skipped", str(why))
