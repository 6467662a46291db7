"""Storage faults: a full disk of the engine or of Kafka, and tables whose settings make the engine refuse inserts.

Each disk is a small file system that a filler file fills.
"""

import time
from random import Random
from typing import Final

from sinks.store.rollups import ROLLUPS
from tests.chaos.fault_context import FaultContext
from tests.disk_filler import filled

STEP_BYTES: Final = 64 << 20  # of a disk that fills up gradually
FASTEST_S, SLOWEST_S = 3.0, 10.0
# MergeTree settings that make the engine refuse every insert: 252 (too many parts), 243 (not enough space).
REFUSALS: Final = (
    "parts_to_throw_insert = 1, parts_to_delay_insert = 1, max_avg_part_size_for_too_many_parts = 0",
    f"min_free_disk_bytes_to_perform_insert = {1 << 60}",
)
# Views fill `events` and the rollups from one block: some of these tables keep it when another refuses it.
TABLES: Final = ("events", *ROLLUPS, "profiles", "identities", "session_pieces")


def fill_engine_disk(context: FaultContext, chance: Random) -> bool:
    """Fill the engine's disk for some seconds; sometimes kill the engine meanwhile."""
    disk = context.environment.engine_disk.small
    if disk is None:
        return False
    with context.engine_lock, filled(disk, chance.choice((0, STEP_BYTES))):
        time.sleep(chance.uniform(FASTEST_S, SLOWEST_S))
        killed = chance.random() < 0.3
        if killed:
            context.environment.engine.kill()
    if killed:
        with context.engine_lock:
            context.environment.engine.start()
    return True


def fill_kafka_disk(context: FaultContext, chance: Random) -> bool:
    """Fill Kafka's disk, which ends the broker when it cannot write its log; restart it when there is room."""
    disk = context.environment.kafka_disk.small
    if disk is None:
        return False
    with context.kafka_lock:
        with filled(disk, chance.choice((0, STEP_BYTES))):
            time.sleep(chance.uniform(FASTEST_S, SLOWEST_S))
        context.environment.kafka.kill()  # it may already have ended by itself
        context.environment.kafka.start()
    return True


def engine_refuses_inserts(context: FaultContext, chance: Random) -> bool:
    """Make the engine refuse the inserts of one table for some seconds."""
    database = context.workers.site.name
    table, settings = chance.choice(TABLES), chance.choice(REFUSALS)
    names = ", ".join(one.partition(" = ")[0] for one in settings.split(", "))
    with context.engine_lock:
        engine = context.environment.engine.server()
        try:
            before = context.environment.engine_proxy.refused.total()
            engine.command(f"ALTER TABLE {database}.{table} MODIFY SETTING {settings}")
            time.sleep(chance.uniform(FASTEST_S, SLOWEST_S))
        finally:
            engine.command(f"ALTER TABLE {database}.{table} RESET SETTING {names}")
            engine.close()
    return context.environment.engine_proxy.refused.total() > before
