"""All settings, and the only reader of the environment. An error lists all wrong settings at once."""

import os
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from deploy.addresses import read_address
from schemas.identifiers.identifier import ORDER, is_name

PREFIX: Final = "TOUCHLINE_"
_HOUR_MS: Final = 3_600_000
_OF_KUBERNETES: Final = frozenset({f"{PREFIX}SERVICE_HOST", f"{PREFIX}SERVICE_PORT"})
_MONTH_MS: Final = int(30.44 * 24 * _HOUR_MS)


class SettingsError(Exception):
    """One sentence per wrong setting: the variable, and what is wrong."""


def _split(value: object) -> object:
    return tuple(part.strip() for part in value.split(",")) if isinstance(value, str) else value


def _check_names(namespaces: tuple[str, ...]) -> tuple[str, ...]:
    wrong = [one for one in namespaces if not is_name(one)]
    if wrong or not namespaces:
        raise ValueError(f"{wrong[0] if wrong else ''!r} is not a name of 1 to 64 characters of a-z, 0-9, _ and -")
    if twice := [one for one in namespaces if namespaces.count(one) > 1]:
        raise ValueError(f"{twice[0]} is listed twice")
    return namespaces


def _check_addresses(servers: str) -> str:
    for server in servers.split(","):
        if server.strip():
            read_address(server)
    return servers


def _none_if_empty(value: object) -> object:
    return None if value == "" else value


def _check_networks(networks: tuple[str, ...]) -> tuple[str, ...]:
    for one in networks:
        if one:
            ip_network(one)  # its ValueError says what is wrong
    return tuple(one for one in networks if one)


def _lower_names(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one.lower() for one in names if one)


def _known_zone(zone: str) -> str:
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, KeyError):
        raise ValueError("not a time zone such as Europe/Berlin") from None
    return zone


def _check_path(path: Path) -> Path:
    if path == Path():  # an empty variable must not mean the present folder
        raise ValueError("an empty name: name a folder, or leave it unset")
    try:
        path.expanduser()
    except RuntimeError:
        raise ValueError("there is no home folder: give an absolute path") from None
    return path


def _known_region(region: str) -> str:
    import phonenumbers  # slow to load

    if region not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError("not a region code such as DE or US")
    return region


class Settings(BaseSettings):
    """Settings, each read from `TOUCHLINE_<NAME>`. The defaults suit one machine."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    kafka: Annotated[str, AfterValidator(_check_addresses)] = Field(
        "", description="address of Kafka, host:port[,host:port]; empty: `touchline up` runs its own"
    )
    clickhouse: str = Field("", description="http(s)://user:password@host:port/database; empty: the embedded engine")
    data: Annotated[Path, AfterValidator(_check_path)] = Field(
        Path("~/.touchline"), description="the one folder that files are written to", validate_default=True
    )
    jars: Path = Field(Path("~/.touchline/jars"), description="folder of Kafka's jars, for all data folders")
    group: str = Field("touchline", pattern=r"^[a-z0-9][a-z0-9_-]{0,40}$", description="consumer group")
    instance: str = Field(
        "",
        pattern=r"^[a-zA-Z0-9._-]{0,60}$",
        description="a unique name per worker: after a restart it gets its partitions back at once",
    )
    session_s: int = Field(15, ge=1, le=300, description="without a heartbeat for this long, a worker is replaced")
    topic_prefix: str = Field("", pattern=r"^[a-zA-Z0-9._-]{0,40}$", description="prefix of all topic names")
    raw_partitions: int = Field(4, ge=1, le=1000)
    activity_partitions: int = Field(8, ge=1, le=1000, description="the unit of scale; fixed once created")
    timeline_partitions: int = Field(4, ge=1, le=64, description="parallel inserts; `touchline up` uses 1")
    replication: int = Field(1, ge=1, le=9)
    raw_retention_days: int = Field(14, ge=1)

    rules: Path | None = Field(None, description="your rules.toml; empty: the defaults")
    identifiers: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split), AfterValidator(_check_names)] = Field(
        ORDER, description="namespaces that identify, strongest first, comma separated"
    )
    phone_region: Annotated[str, AfterValidator(_known_region)] = Field("US", description="of phone numbers without +")
    mmdb: Path | None = Field(None, description="a MaxMind database for countries by IP")
    visitor_by: Literal["day", "ever"] = Field(
        "day", description="a visitor of an access log keeps one id for a day, or for ever"
    )
    retention_months: int = Field(36, ge=1, le=600)
    dedupe_window_h: int = Field(
        35 * 24, ge=48, description="how long event ids are remembered after the last arrival of their day"
    )
    links: int = Field(200, ge=1, description="maximum number of weaker identifiers that one links to")
    targets: int = Field(20, ge=1, description="claimed by more than this, an identifier is shared")
    largest_kb: int = Field(256, ge=1, le=1024, description="maximum size of a raw message")
    batch_records: int = Field(10_000, ge=1, le=20_000)
    linger_ms: int = Field(25, ge=0, le=5000, description="how long the store collects blocks for one insert")
    standbys: int = Field(0, ge=0, le=8, description="other workers that keep a partition's state warm")
    state: Literal["memory", "rocksdb"] = Field("memory", description="where state is stored: in memory or on disk")
    state_dir: Path | None = Field(None, description="folder of RocksDB, one per worker; empty: in the data folder")
    min_free_mb: int = Field(0, ge=0, description="space the embedded engine leaves free; 0: 1 % of the disk")
    reader_password: str = Field(
        "",
        pattern=r"^([A-Za-z0-9_-]{16,})?$",
        description="of the embedded engine's reader; empty: generated",
    )
    reader_limit_s: int = Field(30, ge=1, le=3600, description="time limit of a reader's query")
    reader_result_mb: int = Field(256, ge=1, le=4096, description="maximum result of a reader's query")
    engine_memory_mb: int = Field(0, ge=0, description="memory of the embedded engine; 0: half of the machine's")
    metrics_host: Literal["127.0.0.1", "0.0.0.0"] = Field(
        "127.0.0.1", description="address of /metrics of workers and collectors; 0.0.0.0: all, for a container"
    )
    metrics_port: int = Field(0, ge=0, le=65535, description="port of a worker's /metrics; 0: any free one")

    serve_host: str = Field("127.0.0.1", min_length=1, description="address the API listens on; ::, 0.0.0.0: all")
    serve_port: int = Field(8900, ge=0, le=65535, description="port of the API and the pages; 0: any free one")
    serve_metrics_port: int = Field(0, ge=0, le=65535, description="port of the API's /metrics; 0: any free one")
    serve_cert: Annotated[Path | None, BeforeValidator(_none_if_empty)] = Field(
        None, description="the API's TLS certificate with its chain, as PEM"
    )
    serve_key: Annotated[Path | None, BeforeValidator(_none_if_empty)] = Field(
        None, description="the private key of that certificate, as PEM"
    )
    serve_proxies: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split), AfterValidator(_check_networks)] = (
        Field((), description="proxies whose X-Forwarded-Proto counts: addresses or networks, comma separated")
    )
    serve_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split), AfterValidator(_lower_names)] = Field(
        (), description="names by which browsers call the API, comma separated; empty: any, on loopback its own"
    )
    serve_clickhouse: str = Field(
        "", description="address of ClickHouse for the API, of a user that only reads; empty: that of the others"
    )
    serve_secret: str = Field(
        "", pattern=r"^(.{32,})?$", description="signs logins; empty: a file in the data folder has it"
    )
    serve_zone: Annotated[str, AfterValidator(_known_zone)] = Field(
        "UTC", description="time zone of days, unless a viewer chooses another"
    )
    serve_fast_s: float = Field(10, ge=1, le=3600, description="time limit of a quick question of the API")
    serve_slow_s: float = Field(30, ge=1, le=3600, description="time limit of a slow question of the API")

    collect_host: str = Field(
        "127.0.0.1", min_length=1, description="address the collector listens on; ::, 0.0.0.0: all"
    )
    collect_port: int = Field(8800, ge=0, le=65535, description="port of the collector; 0: any free one")
    collect_metrics_port: int = Field(
        0, ge=0, le=65535, description="port of the collector's /metrics; 0: any free one"
    )
    collect_cert: Annotated[Path | None, BeforeValidator(_none_if_empty)] = Field(
        None, description="the collector's TLS certificate with its chain, as PEM"
    )
    collect_key: Annotated[Path | None, BeforeValidator(_none_if_empty)] = Field(
        None, description="the private key of that certificate, as PEM"
    )
    collect_proxies: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split), AfterValidator(_check_networks)] = (
        Field((), description="proxies whose X-Forwarded-For counts: addresses or networks, comma separated")
    )
    collect_connections: int = Field(15_000, ge=1, le=1_000_000, description="maximum of connections to the collector")
    collect_spool: Annotated[Path | None, BeforeValidator(_none_if_empty)] = Field(
        None, description="folder of the collector's touches while Kafka is away; relative to the data folder"
    )
    hooks: Annotated[Path | None, BeforeValidator(_none_if_empty)] = Field(
        None, description="file of the collector's webhooks; empty: hooks.toml in the data folder, if there is one"
    )
    collect_spool_mb: int = Field(1024, ge=1, description="maximum size of the spool")
    collect_visitor_secret: str = Field(
        "", pattern=r"^(.{16,})?$", description="for daily ids of visitors without a cookie; empty: a random one"
    )

    @property
    def retention_ms(self) -> int:
        """Maximum age of a touch."""
        return self.retention_months * _MONTH_MS

    @property
    def window_ms(self) -> int:
        """How long event ids are remembered."""
        return self.dedupe_window_h * _HOUR_MS

    def on_one_machine(self) -> "Settings":
        """Return settings for `touchline up`: one insert at a time, since parallel inserts cost more on one machine.

        An existing Kafka may already have its topics, with the partitions that workers create.
        """
        if self.kafka or "timeline_partitions" in self.model_fields_set:
            return self
        return self.model_copy(update={"timeline_partitions": 1})

    @property
    def state_folder(self) -> Path:
        """Absolute path of the state on disk."""
        return self.state_dir.expanduser().absolute() if self.state_dir else self.folder / "state"

    @property
    def jars_folder(self) -> Path:
        """Absolute path of Kafka's jars: in the data folder if it has them or if there is no home folder."""
        own = self.folder / "jars"
        try:
            return own if own.is_dir() else self.jars.expanduser().absolute()
        except (RuntimeError, OSError):
            return own

    @property
    def folder(self) -> Path:
        """Absolute path of the data folder."""
        return self.data.expanduser().absolute()


def unknown_variables() -> dict[str, str]:
    """Return environment variables with the prefix that are not settings, each with the most similar setting, or ''.

    Kubernetes adds some (`TOUCHLINE_SERVICE_HOST`) for a service called `touchline`: those have no similar setting.
    """
    known = [f"{PREFIX}{name.upper()}" for name in Settings.model_fields]
    found = [name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in known]
    return {name: "" if name in _OF_KUBERNETES else _most_similar(name, known) for name in sorted(found)}


def _most_similar(name: str, known: list[str]) -> str:
    return next(iter(get_close_matches(name.upper(), known, n=1, cutoff=0.85)), "")


def read_settings(**given: Any) -> Settings:
    """Return settings from the environment, overridden by `given`. Raises SettingsError with all errors."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as failure:
        lines = [
            f"{PREFIX}{str(error['loc'][0]).upper()}={error['input']!r}: {error['msg'].removeprefix('Value error, ')}"
            for error in failure.errors(include_url=False)
        ]
        raise SettingsError("\n".join(lines)) from None
