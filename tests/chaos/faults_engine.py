"""Faults of the engine and of its connections."""

import time
from random import Random
from typing import Final

from tests.chaos.engine_proxy import Action, Injection
from tests.chaos.fault_context import MOMENT_S, FaultContext

LOOK_S: Final = 0.05
INSERT: Final = b"INSERT INTO"
ERRORS: Final = (  # (HTTP status, ClickHouse's code or 0 for a gateway's error): all of them are transient
    (503, 0), (502, 0), (500, 241), (500, 202), (503, 209), (500, 252), (500, 999), (500, 1002), (408, 159), (500, 425),
)  # fmt: skip
DISK_FULL: Final = (500, 243)


def kill_engine(context: FaultContext, chance: Random) -> bool:
    """Kill ClickHouse with SIGKILL at a random moment."""
    with context.engine_lock:
        context.environment.engine.kill()
        time.sleep(chance.uniform(0, 4))
        context.environment.engine.start()
    return True


def kill_engine_in_insert(context: FaultContext, chance: Random) -> bool:
    """Kill ClickHouse with SIGKILL just after it has received rows."""
    with context.engine_lock:
        injection = Injection(
            Action.NOTE, left=1, needle=INSERT + b" " + chance.choice((b"incoming ", b"profiles ", b""))
        )
        context.environment.engine_proxy.inject(injection)
        occurred = injection.done.wait(MOMENT_S)
        context.environment.engine_proxy.withdraw(injection)
        time.sleep(chance.uniform(0, 0.02))
        context.environment.engine.kill()
        time.sleep(chance.uniform(0, 1))
        context.environment.engine.start()
    return occurred


def engine_answers_errors(context: FaultContext, chance: Random) -> bool:
    """Answer all requests, or only inserts, with errors for some seconds."""
    status, code = chance.choice(ERRORS)
    return _answer_errors(context, chance, status, code, chance.choice((b"", INSERT)))


def disk_full(context: FaultContext, chance: Random) -> bool:
    """Answer inserts with ClickHouse's error for a full disk."""
    return _answer_errors(context, chance, *DISK_FULL, INSERT)


def _answer_errors(context: FaultContext, chance: Random, status: int, code: int, needle: bytes) -> bool:
    injection = Injection(Action.ANSWER_ERROR, needle=needle, status=status, code=code)
    return _hold(context, injection, chance.uniform(1, 5))


def engine_hangs(context: FaultContext, chance: Random) -> bool:
    """Delay some answers by seconds."""
    lasts_s = chance.uniform(2, 6)
    left, needle = chance.randrange(1, 20), chance.choice((b"", INSERT))
    return _hold(context, Injection(Action.HANG, left=left, needle=needle, hang_s=lasts_s), lasts_s)


def _hold(context: FaultContext, injection: Injection, lasts_s: float) -> bool:
    """Keep an injection active for `lasts_s` after its first match; return whether it matched."""
    context.environment.engine_proxy.inject(injection)
    deadline_s = time.monotonic() + MOMENT_S
    while not injection.taken and time.monotonic() < deadline_s:
        time.sleep(LOOK_S)
    time.sleep(lasts_s)
    context.environment.engine_proxy.withdraw(injection)
    return injection.taken > 0


def cut_after_stored(context: FaultContext, chance: Random) -> bool:
    """Cut the connection after the engine stored a block and before it answers."""
    return _cut(context, chance, Action.CUT_AFTER, chance.choice((b" incoming ", b" profiles ", b"")))


def cut_before_stored(context: FaultContext, chance: Random) -> bool:
    """Cut the connection before the engine has received the whole block."""
    return _cut(context, chance, chance.choice((Action.CUT_BEFORE, Action.CUT_MIDDLE)), b"")


def _cut(context: FaultContext, chance: Random, action: Action, table: bytes) -> bool:
    injection = context.environment.engine_proxy.inject(
        Injection(action, left=chance.randrange(1, 5), needle=INSERT + table)
    )
    occurred = injection.done.wait(MOMENT_S)
    context.environment.engine_proxy.withdraw(injection)
    return occurred or injection.taken > 0
