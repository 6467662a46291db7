"""What is done to the engine, and to what is said to it."""

import time
from random import Random
from typing import Final

from tests.chaos.engine_proxy import Deed, Order
from tests.chaos.scene import MOMENT_S, Scene

LOOK_S: Final = 0.05
INSERT: Final = b"INSERT INTO"
ERRORS: Final = (  # (HTTP status, ClickHouse's code, 0: not ClickHouse's own): all of them pass by themselves
    (503, 0), (502, 0), (500, 241), (500, 202), (503, 209), (500, 252), (500, 999), (500, 1002), (408, 159), (500, 425),
)  # fmt: skip
DISK_FULL: Final = (500, 243)


def kill_engine(scene: Scene, chance: Random) -> bool:
    """kill -9 of ClickHouse, wherever it is."""
    with scene.engine_lock:
        scene.ground.engine.kill()
        time.sleep(chance.uniform(0, 4))
        scene.ground.engine.start()
    return True


def kill_engine_in_insert(scene: Scene, chance: Random) -> bool:
    """kill -9 of ClickHouse just after it has been sent rows."""
    with scene.engine_lock:
        order = Order(Deed.NOTE, left=1, needle=INSERT + b" " + chance.choice((b"arrivals ", b"profiles ", b"")))
        scene.ground.engine_proxy.order(order)
        came = order.met.wait(MOMENT_S)
        scene.ground.engine_proxy.withdraw(order)
        time.sleep(chance.uniform(0, 0.02))
        scene.ground.engine.kill()
        time.sleep(chance.uniform(0, 1))
        scene.ground.engine.start()
    return came


def engine_answers_errors(scene: Scene, chance: Random) -> bool:
    """To everything, or to inserts alone, for some seconds."""
    status, code = chance.choice(ERRORS)
    return _answer_errors(scene, chance, status, code, chance.choice((b"", INSERT)))


def disk_full(scene: Scene, chance: Random) -> bool:
    """The engine has no room for what is inserted."""
    return _answer_errors(scene, chance, *DISK_FULL, INSERT)


def _answer_errors(scene: Scene, chance: Random, status: int, code: int, needle: bytes) -> bool:
    order = Order(Deed.ANSWER_ERROR, needle=needle, status=status, code=code)
    return _hold(scene, order, chance.uniform(1, 5))


def engine_hangs(scene: Scene, chance: Random) -> bool:
    """Some answers come seconds late."""
    lasts_s = chance.uniform(2, 6)
    left, needle = chance.randrange(1, 20), chance.choice((b"", INSERT))
    return _hold(scene, Order(Deed.HANG, left=left, needle=needle, hang_s=lasts_s), lasts_s)


def _hold(scene: Scene, order: Order, lasts_s: float) -> bool:
    """From the first request that it meets, for so long."""
    scene.ground.engine_proxy.order(order)
    deadline_s = time.monotonic() + MOMENT_S
    while not order.taken and time.monotonic() < deadline_s:
        time.sleep(LOOK_S)
    time.sleep(lasts_s)
    scene.ground.engine_proxy.withdraw(order)
    return order.taken > 0


def cut_after_stored(scene: Scene, chance: Random) -> bool:
    """The engine stores a block, and the connection ends before it can say so."""
    return _cut(scene, chance, Deed.CUT_AFTER, chance.choice((b" arrivals ", b" profiles ", b"")))


def cut_before_stored(scene: Scene, chance: Random) -> bool:
    """The connection ends with the block unheard, or half heard."""
    return _cut(scene, chance, chance.choice((Deed.CUT_BEFORE, Deed.CUT_MIDDLE)), b"")


def _cut(scene: Scene, chance: Random, deed: Deed, table: bytes) -> bool:
    order = scene.ground.engine_proxy.order(Order(deed, left=chance.randrange(1, 5), needle=INSERT + table))
    came = order.met.wait(MOMENT_S)
    scene.ground.engine_proxy.withdraw(order)
    return came or order.taken > 0
