"""What is wrong with what the store holds: parts that were set aside, rows that are missing. For the start, `status`
and `doctor`.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from itertools import combinations
from typing import Any, Final

from aiokafka.errors import KafkaError as AsyncKafkaError
from clickhouse_connect.driver.exceptions import ClickHouseError
from kafka.errors import KafkaError

from deploy.kafka_probe import any_listening
from sinks.checks.detached_parts import BrokenPart, broken_parts, describe_broken
from sinks.checks.missing_relations import find_unrelated
from sinks.checks.missing_rows import Missing, find_missing
from sinks.clickhouse.client import Client, StoreUnavailable, connect, parse_address
from sinks.clickhouse.errors import code_of, say
from touchline.errors import CliError
from touchline.ops.kafka_log import KafkaLog, committed_offsets
from touchline.settings import Settings
from touchline.worker.kafka_setup import CONNECT_S
from touchline.worker.stages import STAGES, group_of, topics_of

_START_S, _DOCTOR_S = 20, 600  # how long an answer of ClickHouse may take
_DENIED: Final = 497  # ClickHouse's code for a table that this user may not read
_RECORDS: Final = 20_000  # of the topic `quarantine` that are compared one by one
_PLACES: Final = "SELECT concat(raw_topic, '/', toString(raw_partition), '/', toString(raw_offset)) FROM quarantine"


log = logging.getLogger(__name__)


@dataclass(slots=True)
class Damage:
    """`busy`: rows were being stored, so tables could not be compared with each other."""

    set_aside: list[BrokenPart] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    busy: bool = False

    def sentences(self) -> list[str]:
        """A sentence for each problem; empty without any."""
        said = describe_broken(self.set_aside)
        return [f"{one}." for one in (said, describe_missing(self.missing)) if one]

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        parts = [f"{part.table}/{part.name}" for part in self.set_aside]
        return {"set_aside": parts, "missing": [asdict(one) for one in self.missing]}


def describe_missing(missing: Sequence[Missing]) -> str | None:
    """One sentence; None where nothing is missing."""
    if not missing:
        return None
    what = ", ".join(f"{one.table} lacks {one.count:,} {one.what}" for one in missing)
    return (
        f"Rows that were stored are missing ({what}): run `touchline audit` to see which profiles that concerns, then "
        "`touchline rebuild`"
    )


def look_at_store(settings: Settings) -> Damage:
    """What a start can afford to look at. Raises CliError where ClickHouse does not answer soon."""
    with closing(_connect(settings, _START_S)) as client:
        try:
            return Damage(_set_aside(client), find_missing(client))
        except ClickHouseError as error:
            raise CliError(f"ClickHouse did not answer: {say(error)}.", code=1) from error


def _set_aside(client: Client) -> list[BrokenPart]:
    """None where the user may not look at ClickHouse's own tables."""
    try:
        return broken_parts(client)
    except ClickHouseError as error:
        if code_of(error) != _DENIED:
            raise
        return []


def warn_of_damage(settings: Settings) -> None:
    """A line in the worker's log for each thing that is wrong. The start does not depend on it."""
    try:
        damage = look_at_store(settings)
    except CliError:
        return  # the store waits for ClickHouse, and logs it
    for sentence in damage.sentences():
        log.warning("%s", sentence)


def look_closely(settings: Settings, is_settled: Callable[[], bool]) -> Damage:
    """Also what one table has and another lacks. `is_settled`: whether nothing waits before the stages. Raises
    CliError, and ClickHouse's errors."""
    damage = look_at_store(settings)
    with closing(_connect(settings, _DOCTOR_S)) as client:
        related = find_unrelated(client, is_settled)
        damage.busy = related is None
        told = {one.table for one in damage.missing}
        damage.missing += [one for one in related or () if one.table not in told]
        if settings.kafka and (lacking := _lacking_refusals(settings, client)):
            damage.missing.append(Missing("quarantine", lacking, "records"))
    return damage


def _connect(settings: Settings, timeout_s: int) -> Client:
    try:
        return connect(parse_address(settings.clickhouse), "read", timeout_s=timeout_s)
    except (StoreUnavailable, ValueError) as error:
        raise CliError(f"{error}.", code=1) from error


def _lacking_refusals(settings: Settings, client: Client) -> int:
    """Records of the topic `quarantine` that were stored and are not in the table; at least one where the table is
    empty."""
    topic = topics_of(settings).quarantine
    forms = [form for size in range(1, len(STAGES) + 1) for form in combinations(STAGES, size) if "store" in form]
    try:
        if not any_listening(settings.kafka, CONNECT_S):
            return 0
        committed = committed_offsets(settings.kafka, [group_of(settings, form) for form in forms], topic)
        if not sum(committed.values()):
            return 0
        if sum(committed.values()) > _RECORDS:
            return int(not client.query("SELECT count() FROM quarantine").result_rows[0][0])
        places = asyncio.run(_places(settings.kafka, topic, committed))
    except (KafkaError, AsyncKafkaError, ValueError):
        return 0  # the check of Kafka reports it
    return len(places - {row[0] for row in client.query(_PLACES).result_rows})


async def _places(kafka: str, topic: str, committed: dict[int, int]) -> set[str]:
    """Where the stored records of the topic came from, as their keys say."""
    found: set[str] = set()
    async with KafkaLog(kafka) as log:
        for partition, extent in (await log.extents(topic)).items():
            async for records in log.read(topic, partition, extent.begin, min(extent.end, committed.get(partition, 0))):
                found |= {record.key.decode("utf-8", "replace") for record in records if record.key}
    return found
