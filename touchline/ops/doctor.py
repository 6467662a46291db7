"""Looks at every dependency, one after another, and says what to do about each that is missing."""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, Final

from clickhouse_connect.driver.exceptions import ClickHouseError
from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from deploy.java import NoJavaError, find_java
from deploy.kafka_probe import cluster_at
from sinks.clickhouse import migrations
from sinks.clickhouse.client import StoreUnavailable, connect, parse_address
from sinks.clickhouse.errors import say
from streams.enrichment.maxmind import GeoipDatabase, GeoipError
from streams.identity.pinned_settings import find_conflict, resolve_proposals
from streams.kafka.topic_admin import TopicError, check_topics, read_topic_settings
from touchline.errors import CliError
from touchline.local.discovery import running_here, settings_here
from touchline.ops.status import read_groups
from touchline.ops.store_check import look_closely
from touchline.settings import Settings, SettingsError, unknown_variables
from touchline.worker.pinned_settings import describe_conflict, read_proposals, settings_to_pin
from touchline.worker.rules_file import read_rules
from touchline.worker.stages import topics_of

LEAST_FREE_BYTES: Final = 2 * 1024**3
UP_TO_DATE: Final = "up to date"


@dataclass(frozen=True, slots=True)
class Finding:
    """`said`: what was found, or what is wrong and what to do."""

    what: str
    ok: bool
    said: str

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


class _Problem(Exception):
    """A sentence."""


def examine(data: str | None) -> list[Finding]:
    """All findings, in the order in which things are needed."""
    try:
        settings = settings_here(data)
    except (SettingsError, CliError) as error:
        return [Finding("settings", False, str(error))]
    looks: list[tuple[str, Callable[[Settings], str]]] = [
        ("Python", lambda _: f"{sys.version_info.major}.{sys.version_info.minor}"),
        ("settings", _settings),
        ("rules", _rules),
        ("data folder", _folder),
        ("places by IP", _places),
        ("Java and jars", _java),
        ("Kafka", _kafka),
        ("topics", _topics),
        ("ClickHouse", _clickhouse),
        ("tables", _tables),
        ("stored rows", _stored_rows),
    ]
    return list(_each(looks, settings))


def _each(looks: list[tuple[str, Callable[[Settings], str]]], settings: Settings) -> Iterator[Finding]:
    for what, look in looks:
        try:
            yield Finding(what, True, look(settings))
        except _Problem as problem:
            yield Finding(what, False, str(problem))


def _settings(settings: Settings) -> str:
    unknown = unknown_variables()
    if close := [f"{name} is no setting: did you mean {meant}?" for name, meant in unknown.items() if meant]:
        raise _Problem(" ".join(close))
    ignored = f"; no settings, and ignored: {', '.join(unknown)}" if unknown else ""
    return f"data folder {settings.folder}{ignored}"


def _rules(settings: Settings) -> str:
    try:
        rules = read_rules(settings.rules)
    except CliError as trouble:
        raise _Problem(str(trouble)) from trouble
    return f"{len(rules.rules)} rules, version {rules.version}"


def _folder(settings: Settings) -> str:
    probe = settings.folder / ".doctor"
    missing = [path for path in (settings.folder, *settings.folder.parents) if not path.exists()]
    try:
        settings.folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
        free = shutil.disk_usage(settings.folder).free
    except OSError as error:
        raise _Problem(
            f"{settings.folder} cannot be written ({error.strerror}): choose another with TOUCHLINE_DATA."
        ) from error
    finally:
        for path in missing:  # the folder may have been named by mistake, so nothing is left of it
            with suppress(OSError):
                path.rmdir()
    if free < LEAST_FREE_BYTES:
        raise _Problem(
            f"only {free / 1024**3:.1f} GB are free in {settings.folder}: make room, or choose another disk."
        )
    return f"{free / 1024**3:.0f} GB free" + (f", `touchline up` will make {settings.folder}" if missing else "")


def _places(settings: Settings) -> str:
    if settings.mmdb is None:
        return "no database given: countries come from phone numbers only"
    try:
        GeoipDatabase(settings.mmdb).close()
    except GeoipError as error:
        raise _Problem(str(error)) from error
    return str(settings.mmdb)


def _java(settings: Settings) -> str:
    if settings.kafka:
        return "not needed: Kafka's address is known"
    try:
        java = find_java()
    except NoJavaError as error:
        raise _Problem(str(error)) from error
    if any(settings.jars_folder.glob("*/*.jar")) or shutil.which("mvn"):
        return str(java)
    raise _Problem(
        "Kafka's jars are not there and Maven is not installed: install `mvn`, or set TOUCHLINE_KAFKA=host:port."
    )


def _kafka(settings: Settings) -> str:
    if not settings.kafka:
        return "not set: `touchline up` runs its own"
    try:
        cluster = cluster_at(settings.kafka.split(",")[0])
    except ValueError as error:
        raise _Problem(f"TOUCHLINE_KAFKA={settings.kafka!r} is no address: write host:port.") from error
    if cluster is None:
        raise _Problem(f"nothing answers at {settings.kafka}: start Kafka there, or correct TOUCHLINE_KAFKA.")
    return f"{settings.kafka}, cluster {cluster}"


def _topics(settings: Settings) -> str:
    try:
        _kafka(settings)
    except _Problem:
        return "Kafka is not running"
    if not settings.kafka:
        return "Kafka is not running"
    admin = KafkaAdminClient(bootstrap_servers=settings.kafka)
    try:
        here = {topic["name"]: len(topic["partitions"]) for topic in admin.describe_topics()}
        topics = topics_of(settings)
        wanted = topics.all()
        found = read_topic_settings(admin, [topic.name for topic in wanted if topic.name in here])
    finally:
        admin.close()
    try:
        check_topics(here, wanted, found)
    except TopicError as error:
        raise _Problem(str(error)) from error
    if topics.terms in here:
        _check_terms(settings, topics.terms)
    missing = [topic.name for topic in wanted if topic.name not in here]
    return f"missing, a worker will make them: {', '.join(missing)}" if missing else f"all {len(wanted)} there"


def _check_terms(settings: Settings, topic: str) -> None:
    """Whether a worker would be held to others than these settings mean."""
    try:
        mine = settings_to_pin(settings, read_rules(settings.rules))
    except CliError:
        return  # the rules are looked at by themselves
    try:
        held = resolve_proposals(read_proposals(settings.kafka, topic))
    except KafkaError as error:
        raise _Problem(f"{topic} cannot be read ({type(error).__name__}): look at the Kafka broker.") from error
    except CliError as trouble:
        raise _Problem(str(trouble)) from trouble
    if held is not None and (fault := find_conflict(held, mine)):
        raise _Problem(describe_conflict(fault, topic))


def _clickhouse(settings: Settings) -> str:
    if not settings.clickhouse:
        return "not set: `touchline up` runs the embedded engine"
    try:
        connect(parse_address(settings.clickhouse), "read").close()
    except StoreUnavailable as error:
        if error.code == 81:
            return "there, without our database: `touchline migrate` makes it"
        raise _Problem(f"{error}.") from error
    except ValueError as error:
        raise _Problem(f"TOUCHLINE_CLICKHOUSE: {error}.") from error
    return "run by `touchline up`" if running_here(settings) else str(parse_address(settings.clickhouse))


def _tables(settings: Settings) -> str:
    if not settings.clickhouse:
        return "ClickHouse is not running"
    try:
        client = connect(parse_address(settings.clickhouse), "read")
    except (StoreUnavailable, ValueError):
        return "ClickHouse is not running"
    try:
        missing = [one.name for one in migrations.status(client) if not one.applied]
    except migrations.NewerSchema as error:
        raise _Problem(f"{error}.") from error
    except ClickHouseError as error:
        raise _Problem(f"ClickHouse did not answer: {say(error)}: look at its log.") from error
    finally:
        client.close()
    if missing:
        raise _Problem(f"migrations are missing ({', '.join(missing)}): run `touchline migrate`.")
    return UP_TO_DATE


def _stored_rows(settings: Settings) -> str:
    """Whether rows that were stored are missing, or parts of tables set aside."""
    try:
        _clickhouse(settings)
        if _tables(settings) != UP_TO_DATE:
            return "ClickHouse is not running"
    except _Problem:
        return "not looked at: see above"
    try:
        damage = look_closely(settings, lambda: _is_settled(settings))
    except CliError as trouble:
        raise _Problem(str(trouble)) from trouble
    except ClickHouseError as error:
        raise _Problem(f"ClickHouse did not answer: {say(error)}: look at its log.") from error
    if sentences := damage.sentences():
        raise _Problem(" ".join(sentences))
    return (
        "none is missing" if not damage.busy else "none is missing, as far as counts tell while rows are being stored"
    )


def _is_settled(settings: Settings) -> bool:
    """Whether nothing waits before any stage, as far as Kafka says."""
    try:
        return not any(lag.waiting for lag in read_groups(settings).values())
    except CliError:
        return False
