"""The services of one API process, by its settings."""

import time
from typing import Final

from dashboards.answers.pipeline import ReadPipeline
from dashboards.answers.rule_changes import KnownRule
from dashboards.api.security.profile_keys import ProfileKeys
from dashboards.api.security.sessions import Sessions
from dashboards.api.security.tokens import TokenDirectory
from dashboards.api.services import ApiServices
from deploy.ports import LOOPBACK
from sinks.clickhouse.client import Address, parse_address
from touchline.api.clickhouse import make_reader
from touchline.api.looks import LookRecorder
from touchline.api.secret import serve_secret
from touchline.errors import CliError
from touchline.settings import Settings
from touchline.worker.rules_file import read_rules

NO_KEY: Final = "KEY"  # where a write key is put that `touchline key create` makes
_OWN_NAMES: Final = frozenset({LOOPBACK, "localhost", "::1"})


def make_services(settings: Settings, tokens: TokenDirectory, read_pipeline: ReadPipeline | None = None) -> ApiServices:
    """Return the services. Raises CliError for settings that cannot be used."""
    writing = _address("TOUCHLINE_CLICKHOUSE", settings.clickhouse)
    reading = _address("TOUCHLINE_SERVE_CLICKHOUSE", settings.serve_clickhouse) or writing
    if reading is None:
        raise CliError(
            "No ClickHouse: set TOUCHLINE_SERVE_CLICKHOUSE=http://reader:password@host:8123/touchline, or use "
            "`touchline up`, which runs its own."
        )
    secret = serve_secret(settings)
    rules = read_rules(settings.rules)
    return ApiServices(
        reader=make_reader(settings, reading, writing, now_ms),
        tokens=tokens,
        sessions=Sessions(secret, now_ms()),
        profile_keys=ProfileKeys(secret),
        half_life_ms=rules.half_life_ms,
        now_ms=now_ms,
        phone_region=settings.phone_region,
        identifiers=settings.identifiers,
        zone=settings.serve_zone,
        hosts=hosts_of(settings),
        rules=tuple(KnownRule(one.name, one.channel, one.weight, one.cap, one.group) for one in rules.rules),
        read_pipeline=read_pipeline,
        record_look=LookRecorder(writing) if writing else None,
    )


def hosts_of(settings: Settings) -> frozenset[str]:
    """Return the names by which clients may call the API, empty for any.

    On loopback without TLS those of this machine alone, since a browser on it can be made to call by any name.
    """
    if settings.serve_hosts:
        return frozenset(settings.serve_hosts)
    return _OWN_NAMES if settings.serve_host in _OWN_NAMES else frozenset()


def _address(variable: str, text: str) -> Address | None:
    try:
        return parse_address(text) if text else None
    except ValueError as error:
        raise CliError(f"{variable}: {error}.") from error


def now_ms() -> int:
    """Return milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000
