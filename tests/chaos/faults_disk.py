"""Real refusals: a disk without room, the engine's or Kafka's, and tables whose settings have the engine refuse blocks.

A disk is a small file system that a filler takes whole.
"""

import time
from random import Random
from typing import Final

from tests.chaos.scene import Scene
from tests.disk_filler import filled

STEP_BYTES: Final = 64 << 20  # of a disk that gets full bit by bit
FASTEST_S, SLOWEST_S = 3.0, 10.0
# Settings of a MergeTree table with which every insert is refused: 252 (too many parts), 243 (not enough space).
REFUSALS: Final = (
    "parts_to_throw_insert = 1, parts_to_delay_insert = 1, max_avg_part_size_for_too_many_parts = 0",
    f"min_free_disk_bytes_to_perform_insert = {1 << 60}",
)
# Of `events` and the rollups the block comes in through a view: some of its tables have it when another one refuses it.
TABLES: Final = ("events", "touches_by_minute", "touches_by_hour", "profiles", "identities", "session_pieces")


def fill_engine_disk(scene: Scene, chance: Random) -> bool:
    """The engine's disk is full for some seconds; sometimes the engine is killed meanwhile."""
    disk = scene.ground.engine_disk.small
    if disk is None:
        return False
    with scene.engine_lock, filled(disk, chance.choice((0, STEP_BYTES))):
        time.sleep(chance.uniform(FASTEST_S, SLOWEST_S))
        killed = chance.random() < 0.3
        if killed:
            scene.ground.engine.kill()
    if killed:
        with scene.engine_lock:
            scene.ground.engine.start()
    return True


def fill_kafka_disk(scene: Scene, chance: Random) -> bool:
    """Kafka's disk is full: the broker ends when it cannot write its log. It is started again when there is room."""
    disk = scene.ground.kafka_disk.small
    if disk is None:
        return False
    with scene.kafka_lock:
        with filled(disk, chance.choice((0, STEP_BYTES))):
            time.sleep(chance.uniform(FASTEST_S, SLOWEST_S))
        scene.ground.kafka.kill()  # it may have ended by itself
        scene.ground.kafka.start()
    return True


def engine_refuses_inserts(scene: Scene, chance: Random) -> bool:
    """The engine itself refuses the blocks of one table for some seconds."""
    database = scene.crew.site.name
    table, settings = chance.choice(TABLES), chance.choice(REFUSALS)
    names = ", ".join(one.partition(" = ")[0] for one in settings.split(", "))
    with scene.engine_lock:
        engine = scene.ground.engine.server()
        try:
            before = scene.ground.engine_proxy.refused.total()
            engine.command(f"ALTER TABLE {database}.{table} MODIFY SETTING {settings}")
            time.sleep(chance.uniform(FASTEST_S, SLOWEST_S))
        finally:
            engine.command(f"ALTER TABLE {database}.{table} RESET SETTING {names}")
            engine.close()
    return scene.ground.engine_proxy.refused.total() > before
