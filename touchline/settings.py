"""Every setting, and the only place that reads the environment. All that is wrong is said at once."""

import os
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from deploy.addresses import read_address
from schemas.identifiers.identifier import ORDER, is_name

PREFIX: Final = "TOUCHLINE_"
_HOUR_MS: Final = 3_600_000
_MONTH_MS: Final = int(30.44 * 24 * _HOUR_MS)


class SettingsError(Exception):
    """One sentence per wrong setting: which variable, what is wrong with it."""


def _split(value: object) -> object:
    return tuple(part.strip() for part in value.split(",")) if isinstance(value, str) else value


def _check_names(namespaces: tuple[str, ...]) -> tuple[str, ...]:
    wrong = [one for one in namespaces if not is_name(one)]
    if wrong or not namespaces:
        raise ValueError(f"{wrong[0] if wrong else ''!r} is no name of up to 64 of a-z, 0-9, _ and -")
    if twice := [one for one in namespaces if namespaces.count(one) > 1]:
        raise ValueError(f"{twice[0]} is named twice")
    return namespaces


def _check_addresses(servers: str) -> str:
    for server in servers.split(","):
        if server.strip():
            read_address(server)
    return servers


def _check_path(path: Path) -> Path:
    if path == Path():  # an empty variable: it must not mean the folder in which the command is started
        raise ValueError("an empty name: name a folder, or leave it unset")
    try:
        path.expanduser()
    except RuntimeError:
        raise ValueError("there is no home folder to find it in: name a whole path") from None
    return path


def _known_region(region: str) -> str:
    import phonenumbers  # its tables take a moment to load

    if region not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError("not a region code such as DE or US")
    return region


class Settings(BaseSettings):
    """What can be set, by `TOUCHLINE_<NAME>`; the defaults suit one machine."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    kafka: Annotated[str, AfterValidator(_check_addresses)] = Field(
        "", description="address of Kafka, host:port[,host:port]; empty: `touchline up` runs its own"
    )
    clickhouse: str = Field("", description="http(s)://user:password@host:port/database; empty: the embedded engine")
    data: Annotated[Path, AfterValidator(_check_path)] = Field(
        Path("~/.touchline"), description="the one folder that files are written to", validate_default=True
    )
    jars: Path = Field(
        Path("~/.touchline/jars"), description="where Kafka's jars are kept, for all data folders together"
    )
    group: str = Field("touchline", pattern=r"^[a-z0-9][a-z0-9_-]{0,40}$", description="consumer group")
    instance: str = Field(
        "",
        pattern=r"^[a-zA-Z0-9._-]{0,60}$",
        description="a worker's own name, another for each: one that comes back soon goes on at once",
    )
    session_s: int = Field(15, ge=1, le=300, description="unheard for so long, a worker's partitions go to others")
    topic_prefix: str = Field("", pattern=r"^[a-zA-Z0-9._-]{0,40}$", description="in front of every topic's name")
    raw_partitions: int = Field(4, ge=1, le=1000)
    activity_partitions: int = Field(8, ge=1, le=1000, description="the unit of scale; fixed at birth")
    timeline_partitions: int = Field(4, ge=1, le=64, description="inserts at the same time; `touchline up` takes 1")
    replication: int = Field(1, ge=1, le=9)
    raw_retention_days: int = Field(14, ge=1)

    rules: Path | None = Field(None, description="your rules.toml; empty: the defaults")
    identifiers: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split), AfterValidator(_check_names)] = Field(
        ORDER, description="namespaces that identify, strongest first, comma separated"
    )
    phone_region: Annotated[str, AfterValidator(_known_region)] = Field("US", description="of numbers without +")
    mmdb: Path | None = Field(None, description="a MaxMind database for countries by IP")
    visitor_by: Literal["day", "ever"] = Field(
        "day", description="a visitor of an access log is one for a day, or for good"
    )
    retention_months: int = Field(36, ge=1, le=600)
    dedupe_window_h: int = Field(
        35 * 24, ge=48, description="how long ids are remembered after the last arrival of their day"
    )
    links: int = Field(200, ge=1, description="weaker identifiers that one takes")
    targets: int = Field(20, ge=1, description="claimed by more, an identifier is shared")
    largest_kb: int = Field(256, ge=1, le=1024, description="of a raw message")
    batch_records: int = Field(2000, ge=1, le=20_000)
    linger_ms: int = Field(25, ge=0, le=5000, description="how long the store gathers blocks for one insert")
    standbys: int = Field(0, ge=0, le=8, description="other workers that keep a partition's state warm")
    state: Literal["memory", "rocksdb"] = Field("memory", description="where state is: in memory, or on disk")
    state_dir: Path | None = Field(None, description="of rocksdb's files, one per worker; empty: in the data folder")
    min_free_mb: int = Field(0, ge=0, description="room the embedded engine leaves on its disk; 0: 1 % of the disk")
    reader_password: str = Field(
        "", pattern=r"^([A-Za-z0-9_-]{16,})?$", description="of the embedded engine's reader; empty: one is made"
    )
    reader_limit_s: int = Field(30, ge=1, le=3600, description="how long a query of the reader may take")
    reader_result_mb: int = Field(256, ge=1, le=4096, description="how much a query of the reader may return")
    engine_memory_mb: int = Field(0, ge=0, description="of the embedded engine; 0: half of the machine's")
    metrics_port: int = Field(0, ge=0, le=65535, description="of a worker's /metrics; 0: any free one")

    @property
    def retention_ms(self) -> int:
        """How far back a touch may lie."""
        return self.retention_months * _MONTH_MS

    @property
    def window_ms(self) -> int:
        """How long ids are remembered."""
        return self.dedupe_window_h * _HOUR_MS

    def on_one_machine(self) -> "Settings":
        """For `touchline up`: one insert at a time, since on one machine each costs more than it brings.

        A Kafka that others run may have its topics already, as workers make them.
        """
        if self.kafka or "timeline_partitions" in self.model_fields_set:
            return self
        return self.model_copy(update={"timeline_partitions": 1})

    @property
    def state_folder(self) -> Path:
        """Where state on disk is, made absolute."""
        return self.state_dir.expanduser().absolute() if self.state_dir else self.folder / "state"

    @property
    def jars_folder(self) -> Path:
        """Where Kafka's jars are kept, made absolute: in the data folder if they are there, or if there is no home."""
        own = self.folder / "jars"
        try:
            return own if own.is_dir() else self.jars.expanduser().absolute()
        except (RuntimeError, OSError):
            return own

    @property
    def folder(self) -> Path:
        """The data folder, made absolute."""
        return self.data.expanduser().absolute()


def unknown_variables() -> dict[str, str]:
    """The variables of the environment that look like settings and are none, each with the setting that is spelled
    alike most, or an empty text. Kubernetes adds some (`TOUCHLINE_PORT`) for a service called `touchline`.
    """
    known = [f"{PREFIX}{name.upper()}" for name in Settings.model_fields]
    found = [name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in known]
    return {name: next(iter(get_close_matches(name.upper(), known, n=1, cutoff=0.85)), "") for name in sorted(found)}


def read_settings(**given: Any) -> Settings:
    """Settings from the environment, with what the command line gave on top. Raises SettingsError with all that is
    wrong.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as failure:
        lines = [
            f"{PREFIX}{str(error['loc'][0]).upper()}={error['input']!r}: {error['msg'].removeprefix('Value error, ')}"
            for error in failure.errors(include_url=False)
        ]
        raise SettingsError("\n".join(lines)) from None
