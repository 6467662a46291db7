"""Faults of the workers."""

import os
import signal
import time
from random import Random

from tests.chaos.engine_proxy import Action, Injection
from tests.chaos.environment import SESSION_S
from tests.chaos.fault_context import MOMENT_S, FaultContext
from tests.chaos.faults_engine import INSERT


def kill_worker(context: FaultContext, chance: Random) -> bool:
    """Kill a worker with SIGKILL; restart it at once, soon, or after its session has expired."""
    with context.worker(chance) as slot:
        context.workers.kill(slot)
        time.sleep(chance.choice((0.0, 0.0, 1.0, 3.0, SESSION_S + 2.0)))
        context.workers.restart(slot)
    return True


def kill_all_workers(context: FaultContext, chance: Random) -> bool:
    """Kill all workers with SIGKILL at once and restart them."""
    with context.all_workers() as slots:
        for slot in slots:
            context.workers.kill(slot)
        time.sleep(chance.uniform(0, 2))
        for slot in slots:
            context.workers.restart(slot)
    return True


def stop_worker(context: FaultContext, chance: Random) -> bool:
    """Stop a worker with SIGTERM and restart it."""
    with context.worker(chance) as slot:
        context.workers.terminate(slot)
        time.sleep(chance.choice((0.0, 1.0, 3.0)))
        context.workers.restart(slot)
    return True


def freeze_worker(context: FaultContext, chance: Random) -> bool:
    """Freeze a worker with SIGSTOP until others have taken over its partitions, then send SIGCONT."""
    with context.worker(chance) as slot:
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


def join_and_leave(context: FaultContext, chance: Random) -> bool:
    """Run an additional worker for some seconds."""
    context.joined += 1
    stages = chance.choice(context.workers.permanent).stages
    slot = context.workers.join(f"guest{context.joined}", stages)
    with slot.lock:
        ready = context.workers.wait_ready(slot, MOMENT_S)
        time.sleep(chance.uniform(0.5, 3))
        context.workers.leave(slot)
    return ready


def kill_in_recovery(context: FaultContext, chance: Random) -> bool:
    """Kill a worker with SIGKILL, and kill its successor while that reads the changelogs."""
    with context.worker(chance, "engage") as slot:
        context.workers.kill(slot)
        watch = context.environment.kafka_proxy.watch_recovery(chance.randrange(1, 5))
        context.workers.restart(slot)
        occurred = watch.seen.wait(MOMENT_S)
        context.workers.kill(slot)
        context.workers.restart(slot)
    return occurred


def kill_after_insert(context: FaultContext, chance: Random) -> bool:
    """Kill the worker that has just stored rows: before, during or after its commit."""
    return _kill_at(context, chance, chance.choice((b"incoming ", b"profiles ", b"session_pieces ", b"")))


def kill_after_intent(context: FaultContext, chance: Random) -> bool:
    """Kill a worker between the recorded intent to store a block and the insert."""
    return _kill_at(context, chance, b"store_blocks")


def _kill_at(context: FaultContext, chance: Random, table: bytes) -> bool:
    with context.worker(chance, "store") as slot:
        injection = Injection(Action.PASS, left=1, client_name=slot.name, needle=INSERT + b" " + table)
        context.environment.engine_proxy.inject(injection)
        occurred = injection.done.wait(MOMENT_S)
        context.environment.engine_proxy.withdraw(injection)
        time.sleep(chance.choice((0.0, 0.0, 0.05, 0.3)))
        context.workers.kill(slot)
        context.workers.restart(slot)
    return occurred
