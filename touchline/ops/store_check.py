"""The thorough check of the store for `touchline doctor`: tables are compared with each other and with Kafka."""

import asyncio
from collections.abc import Callable
from contextlib import closing
from typing import Final

from aiokafka.errors import KafkaError as AsyncKafkaError
from kafka.errors import KafkaError

from sinks.checks.missing_relations import find_missing_relations
from sinks.checks.missing_rows import MissingRows
from sinks.clickhouse.client import Client
from touchline.ops.kafka_log import KafkaLog
from touchline.settings import Settings
from touchline.worker.group_offsets import committed_offsets
from touchline.worker.kafka_setup import check_reachable
from touchline.worker.stages import groups_running, topics_of
from touchline.worker.store_damage import Damage, connect_reader, find_damage

_TIMEOUT_S: Final = 600
_COMPARED_RECORDS: Final = 20_000  # with more in the topic `quarantine`, only an empty table is noticed
_ORIGINS: Final = "SELECT concat(raw_topic, '/', toString(raw_partition), '/', toString(raw_offset)) FROM quarantine"


def compare_tables(settings: Settings, is_settled: Callable[[], bool]) -> Damage:
    """Return also the rows that one table has and another lacks. Raises CliError and ClickHouse's errors.

    `is_settled` returns whether no records wait before the stages.
    """
    damage = find_damage(settings)
    with closing(connect_reader(settings, _TIMEOUT_S)) as client:
        unrelated = find_missing_relations(client, is_settled)
        damage.busy = unrelated is None
        known = {one.table for one in damage.missing}
        damage.missing += [one for one in unrelated or () if one.table not in known]
        if settings.kafka and (count := _missing_refusals(settings, client)):
            damage.missing.append(MissingRows("quarantine", count, "records"))
    return damage


def _missing_refusals(settings: Settings, client: Client) -> int:
    """Count records of the topic `quarantine` that were stored and are not in the table: at least 1 if it is empty."""
    topic = topics_of(settings).quarantine
    try:
        check_reachable(settings.kafka)
        committed = committed_offsets(settings.kafka, groups_running(settings, "store"), topic)
        if not sum(committed.values()):
            return 0
        if sum(committed.values()) > _COMPARED_RECORDS:
            return int(not client.query("SELECT count() FROM quarantine").result_rows[0][0])
        origins = asyncio.run(_read_origins(settings.kafka, topic, committed))
    except (KafkaError, AsyncKafkaError):
        return 0  # the check of Kafka reports it
    return len(origins - {row[0] for row in client.query(_ORIGINS).result_rows})


async def _read_origins(kafka: str, topic: str, committed: dict[int, int]) -> set[str]:
    """Return where the stored records of the topic came from (topic/partition/offset), which is their key."""
    found: set[str] = set()
    async with KafkaLog(kafka) as log:
        for partition, extent in (await log.extents(topic)).items():
            async for records in log.read(topic, partition, extent.begin, min(extent.end, committed.get(partition, 0))):
                found |= {record.key.decode("utf-8", "replace") for record in records if record.key}
    return found
