"""Everything that is done to Touchline. A fault returns whether its moment came; all that is left open is drawn."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Final

from tests.chaos.crew import Crew, Slot
from tests.chaos.engine_proxy import Deed, Order
from tests.chaos.feeder import Feeder
from tests.chaos.ground import SESSION_S, Ground
from tests.chaos.rewind import rewind_group
from tests.journeys.crowd import CHANNELS
from touchline.lag import stage_topics
from touchline.stages import STAGES, group_of, topics_of

MOMENT_S: Final = 20.0  # how long to wait for a moment that something has to bring
INSERT: Final = b"INSERT INTO"
ERRORS: Final = (  # (HTTP status, ClickHouse's code, 0: not ClickHouse's own): all of them pass by themselves
    (503, 0), (502, 0), (500, 241), (500, 202), (503, 209), (500, 252), (500, 999), (500, 1002), (408, 159), (500, 425),
)  # fmt: skip
DISK_FULL: Final = (500, 243)


@dataclass
class Scene:
    """What a fault has to do with. Kafka and the engine are ended by one fault at a time."""

    ground: Ground
    crew: Crew
    feeder: Feeder
    kafka_lock: threading.Lock = field(default_factory=threading.Lock)
    engine_lock: threading.Lock = field(default_factory=threading.Lock)
    joined: int = 0

    @contextmanager
    def worker(self, chance: Random, stage: str = "") -> Iterator[Slot]:
        """One of the workers that lasts, with that stage, left alone by everybody else."""
        slots = [slot for slot in self.crew.lasting if not stage or stage in slot.stages]
        slot = chance.choice(slots)
        with slot.lock:
            yield slot

    @contextmanager
    def all_workers(self) -> Iterator[list[Slot]]:
        """All of them that last."""
        with ExitStack() as stack:
            for slot in self.crew.lasting:
                stack.enter_context(slot.lock)
            yield self.crew.lasting


Fault = Callable[[Scene, Random], bool]


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


def kill_kafka(scene: Scene, chance: Random) -> bool:
    """kill -9 of the only broker."""
    with scene.kafka_lock:
        scene.ground.kafka.kill()
        time.sleep(chance.uniform(0, 3))
        scene.ground.kafka.start()
    return True


def cut_power(scene: Scene, chance: Random) -> bool:
    """Everything at once, in any order, and back in any order."""
    with scene.all_workers() as slots, scene.kafka_lock, scene.engine_lock:
        downs: list[Callable[[], None]] = [scene.ground.kafka.kill, scene.ground.engine.kill]
        downs += [lambda slot=slot: scene.crew.kill(slot) for slot in slots]
        chance.shuffle(downs)
        for down in downs:
            down()
        ups: list[Callable[[], object]] = [scene.ground.kafka.start, scene.ground.engine.start]
        ups += [lambda slot=slot: scene.crew.again(slot) for slot in slots]
        chance.shuffle(ups)
        for up in ups:
            up()
    return True


def engine_answers_errors(scene: Scene, chance: Random) -> bool:
    """To everything, or to inserts alone, for some seconds."""
    status, code = chance.choice(ERRORS)
    return _answer_errors(scene, chance, status, code, chance.choice((b"", INSERT)))


def disk_full(scene: Scene, chance: Random) -> bool:
    """The engine has no room for what is inserted."""
    return _answer_errors(scene, chance, *DISK_FULL, INSERT)


def _answer_errors(scene: Scene, chance: Random, status: int, code: int, needle: bytes) -> bool:
    lasts_s = chance.uniform(1, 5)
    order = Order(Deed.ANSWER_ERROR, until_s=time.monotonic() + lasts_s, needle=needle, status=status, code=code)
    scene.ground.engine_proxy.order(order)
    time.sleep(lasts_s)
    return order.done > 0


def engine_hangs(scene: Scene, chance: Random) -> bool:
    """Some answers come seconds late."""
    lasts_s = chance.uniform(2, 6)
    until_s, needle = time.monotonic() + lasts_s, chance.choice((b"", INSERT))
    order = Order(Deed.HANG, chance.randrange(1, 20), until_s, needle=needle, hang_s=lasts_s)
    scene.ground.engine_proxy.order(order)
    time.sleep(lasts_s)
    return order.done > 0


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
    return came or order.done > 0


def cut_kafka(scene: Scene, chance: Random) -> bool:
    """Connections to Kafka are cut, and refused for a moment."""
    away_s = chance.choice((0.0, 0.5, 2.0, SESSION_S + 1.0))
    cut = scene.ground.kafka_proxy.cut(chance, chance.choice((0.3, 1.0)), away_s)
    time.sleep(away_s)
    return cut > 0


def stall_kafka(scene: Scene, chance: Random) -> bool:
    """Kafka is heard of no more, then of all that was said meanwhile."""
    scene.ground.kafka_proxy.stall(True)
    try:
        time.sleep(chance.choice((1.0, 3.0, SESSION_S + 2.0)))
    finally:
        scene.ground.kafka_proxy.stall(False)
    return True


def send_again(scene: Scene, chance: Random) -> bool:
    """A producer sends a whole raw topic from its start once more."""
    return scene.feeder.send_again(chance.choice(CHANNELS)) > 0


def rewind(scene: Scene, chance: Random) -> bool:
    """A group is set back to the start of a topic: everything in it is read once more."""
    site, crew = scene.crew.site, scene.crew
    stage = chance.choice(STAGES)
    topic = chance.choice(stage_topics(topics_of(site.settings))[stage])
    group = group_of(site.settings, [stage] if crew.apart else STAGES)
    with scene.all_workers() as slots, scene.kafka_lock:
        for slot in slots:
            crew.kill(slot)
        done = rewind_group(scene.ground.kafka.bootstrap, group, topic)
        for slot in slots:
            crew.again(slot)
    return done


def calm(scene: Scene, chance: Random) -> bool:
    """Nothing happens for a while: to see what comes of the load by itself. Only on request."""
    time.sleep(MOMENT_S)
    return scene.crew.wait_ready(chance.choice(scene.crew.lasting))


FAULTS: Final[dict[str, Fault]] = {
    one.__name__: one
    for one in (
        kill_worker, kill_all_workers, stop_worker, freeze_worker, join_and_leave, kill_in_recovery, kill_after_insert,
        kill_after_intent, kill_engine, kill_engine_in_insert, kill_kafka, cut_power, engine_answers_errors, disk_full,
        engine_hangs, cut_after_stored, cut_before_stored, cut_kafka, stall_kafka, send_again, rewind,
    )
}  # fmt: skip
ALL: Final = {**FAULTS, calm.__name__: calm}
