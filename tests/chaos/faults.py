"""Everything that is done to Touchline. A fault returns whether its moment came; all that is left open is drawn."""

import time
from collections.abc import Callable
from functools import partial
from random import Random
from typing import Final

from tests.chaos.faults_disk import engine_refuses_inserts, fill_engine_disk, fill_kafka_disk
from tests.chaos.faults_engine import (
    cut_after_stored,
    cut_before_stored,
    disk_full,
    engine_answers_errors,
    engine_hangs,
    kill_engine,
    kill_engine_in_insert,
)  # fmt: skip
from tests.chaos.faults_kafka import cut_kafka, kill_kafka, rewind, send_again, stall_kafka
from tests.chaos.faults_workers import (
    freeze_worker,
    join_and_leave,
    kill_after_insert,
    kill_after_intent,
    kill_all_workers,
    kill_in_recovery,
    kill_worker,
    stop_worker,
)  # fmt: skip
from tests.chaos.scene import Fault, Scene

CALM_S: Final = 20.0


def cut_power(scene: Scene, chance: Random) -> bool:
    """Everything at once, in any order, and back in any order."""
    with scene.all_workers() as slots, scene.kafka_lock, scene.engine_lock:
        downs: list[Callable[[], None]] = [scene.ground.kafka.kill, scene.ground.engine.kill]
        downs += [partial(scene.crew.kill, slot) for slot in slots]
        chance.shuffle(downs)
        for down in downs:
            down()
        ups: list[Callable[[], object]] = [scene.ground.kafka.start, scene.ground.engine.start]
        ups += [partial(scene.crew.again, slot) for slot in slots]
        chance.shuffle(ups)
        for up in ups:
            up()
    return True


def calm(scene: Scene, chance: Random) -> bool:
    """Nothing happens for a while: to see what comes of the load by itself. Only on request."""
    time.sleep(CALM_S)
    return scene.crew.wait_ready(chance.choice(scene.crew.lasting))


FAULTS: Final[dict[str, Fault]] = {
    one.__name__: one
    for one in (
        kill_worker, kill_all_workers, stop_worker, freeze_worker, join_and_leave, kill_in_recovery, kill_after_insert,
        kill_after_intent, kill_engine, kill_engine_in_insert, kill_kafka, cut_power, engine_answers_errors, disk_full,
        fill_engine_disk, fill_kafka_disk, engine_refuses_inserts,
        engine_hangs, cut_after_stored, cut_before_stored, cut_kafka, stall_kafka, send_again, rewind,
    )
}  # fmt: skip
ALL: Final = {**FAULTS, calm.__name__: calm}
