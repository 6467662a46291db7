"""What is done to workers."""

import os
import signal
import time
from random import Random

from tests.chaos.engine_proxy import Deed, Order
from tests.chaos.faults_engine import INSERT
from tests.chaos.ground import SESSION_S
from tests.chaos.scene import MOMENT_S, Scene


def kill_worker(scene: Scene, chance: Random) -> bool:
    """kill -9; started again at once, soon, or when its session is over."""
    with scene.worker(chance) as slot:
        scene.crew.kill(slot)
        time.sleep(chance.choice((0.0, 0.0, 1.0, 3.0, SESSION_S + 2.0)))
        scene.crew.again(slot)
    return True


def kill_all_workers(scene: Scene, chance: Random) -> bool:
    """All at once."""
    with scene.all_workers() as slots:
        for slot in slots:
            scene.crew.kill(slot)
        time.sleep(chance.uniform(0, 2))
        for slot in slots:
            scene.crew.again(slot)
    return True


def stop_worker(scene: Scene, chance: Random) -> bool:
    """SIGTERM, and started again."""
    with scene.worker(chance) as slot:
        scene.crew.end_in_order(slot)
        time.sleep(chance.choice((0.0, 1.0, 3.0)))
        scene.crew.again(slot)
    return True


def freeze_worker(scene: Scene, chance: Random) -> bool:
    """SIGSTOP for longer than the session, so that others go on with what it has, then SIGCONT."""
    with scene.worker(chance) as slot:
        worker = slot.worker
        if worker is None or not worker.child.alive():
            return False
        pid = worker.child.pid
        os.kill(pid, signal.SIGSTOP)
        try:
            time.sleep(SESSION_S + chance.uniform(0.5, 4))
        finally:
            os.kill(pid, signal.SIGCONT)
    return True


def join_and_leave(scene: Scene, chance: Random) -> bool:
    """One more worker for some seconds."""
    scene.joined += 1
    stages = chance.choice(scene.crew.lasting).stages
    slot = scene.crew.join(f"guest{scene.joined}", stages)
    with slot.lock:
        ready = scene.crew.wait_ready(slot, MOMENT_S)
        time.sleep(chance.uniform(0.5, 3))
        scene.crew.leave(slot)
    return ready


def kill_in_recovery(scene: Scene, chance: Random) -> bool:
    """kill -9, and again while its successor reads the changelogs."""
    with scene.worker(chance, "engage") as slot:
        scene.crew.kill(slot)
        watch = scene.ground.kafka_proxy.watch_recovery(chance.randrange(1, 5))
        scene.crew.again(slot)
        came = watch.seen.wait(MOMENT_S)
        scene.crew.kill(slot)
        scene.crew.again(slot)
    return came


def kill_after_insert(scene: Scene, chance: Random) -> bool:
    """kill -9 of the worker that has just heard that its rows are stored: before, while or after it commits."""
    return _kill_at(scene, chance, chance.choice((b"arrivals ", b"profiles ", b"session_pieces ", b"")))


def kill_after_intent(scene: Scene, chance: Random) -> bool:
    """kill -9 between the intent to store a block and the block."""
    return _kill_at(scene, chance, b"store_blocks")


def _kill_at(scene: Scene, chance: Random, table: bytes) -> bool:
    with scene.worker(chance, "store") as slot:
        order = Order(Deed.PASS, left=1, door=slot.name, needle=INSERT + b" " + table)
        scene.ground.engine_proxy.order(order)
        came = order.met.wait(MOMENT_S)
        scene.ground.engine_proxy.withdraw(order)
        time.sleep(chance.choice((0.0, 0.0, 0.05, 0.3)))
        scene.crew.kill(slot)
        scene.crew.again(slot)
    return came
