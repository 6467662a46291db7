"""All faults by name. A fault returns whether its moment occurred; its choices are drawn from a seed."""

import time
from collections.abc import Callable
from functools import partial
from random import Random
from typing import Final

from tests.chaos.fault_context import Fault, FaultContext
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

CALM_S: Final = 20.0


def cut_power(context: FaultContext, chance: Random) -> bool:
    """Kill all processes at once and start them again, both in random order."""
    with context.all_workers() as slots, context.kafka_lock, context.engine_lock:
        downs: list[Callable[[], None]] = [context.environment.kafka.kill, context.environment.engine.kill]
        downs += [partial(context.workers.kill, slot) for slot in slots]
        chance.shuffle(downs)
        for down in downs:
            down()
        ups: list[Callable[[], object]] = [context.environment.kafka.start, context.environment.engine.start]
        ups += [partial(context.workers.restart, slot) for slot in slots]
        chance.shuffle(ups)
        for up in ups:
            up()
    return True


def calm(context: FaultContext, chance: Random) -> bool:
    """Inject nothing for a while, as a baseline. Only on request."""
    time.sleep(CALM_S)
    return context.workers.wait_ready(chance.choice(context.workers.permanent))


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
