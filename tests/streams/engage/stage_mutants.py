"""Each rule of the stage taken away, one at a time: a world that still comes out right would not need the rule."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

import pytest

from streams.engage import batch_fold
from streams.engage.dedupe import Dedupe, DedupeVerdict
from streams.engage.dedupe_state import CLOSED, DedupeState, IdBlock, PendingChanges
from streams.engage.stage import Engage, StateTable
from streams.profile.identifier_state import IdentifierState, decode_state
from streams.records import Message, Send
from tests.streams.engage.stage_fakes import Place
from tests.streams.engage.stage_world import Worker, World

Changes = Mapping[bytes, bytes | None]
Patch = pytest.MonkeyPatch


class Held:
    """A table whose writes are done when `release` is called: too late."""

    def __init__(self, table: StateTable) -> None:
        self.partition = table.partition
        self._table = table
        self._held: dict[int, Changes] = {}

    async def write(self, p: int, changes: Changes, version: int | None = None) -> None:
        self._held[p] = changes

    async def release(self, p: int) -> None:
        if p in self._held:
            await self._table.write(p, self._held.pop(p))


class After:
    """A table after each write of which something else is done."""

    def __init__(self, table: StateTable, then: Callable[[int], Awaitable[None]]) -> None:
        self.partition = table.partition
        self._table = table
        self._then = then

    async def write(self, p: int, changes: Changes, version: int | None = None) -> None:
        await self._table.write(p, changes, version)
        await self._then(p)


class WatermarkFirst(Worker):
    """The states are written after the watermark."""

    def make_stage(self, world: World, states: StateTable, seen: StateTable, send: Send) -> Engage:
        held = Held(states)
        return super().make_stage(world, held, After(seen, held.release), send)


class EffectsLast(Worker):
    """Rows and words are sent after the states are written."""

    def make_stage(self, world: World, states: StateTable, seen: StateTable, send: Send) -> Engage:
        held: list[Mapping[Place, Sequence[Message]]] = []

        async def hold(messages: Mapping[Place, Sequence[Message]]) -> None:
            held.append(messages)

        async def release(_: int) -> None:
            while held:
                await send(held.pop(0))

        return super().make_stage(world, After(states, release), After(seen, release), hold)


class CommitFirst(World):
    """The offset is committed before the batch is done."""

    def begin(self, p: int) -> None:
        super().begin(p)
        if p in self.takes:
            self.committed[p] = self.takes[p].end


class LastWins(World):
    """A value holds because it was written last, not because it is from the highest offset."""

    versions = {"states": None, "seen": None}


def _worker(worker: type[Worker]) -> Callable[[Patch], type[World]]:
    return lambda _: type(worker.__name__, (World,), {"worker_type": worker})


def _apply_first(patch: Patch) -> type[World]:
    """The memory knows of a batch before the changelog does."""

    async def keep(self: Engage, partition: int, pending: PendingChanges, version: int) -> None:
        pending.apply()
        await self._seen.write(partition, pending.changes, version)

    patch.setattr(Engage, "_keep", keep)
    return World


def _unfinished_dropped(patch: Patch) -> type[World]:
    """A block from above the watermark is not believed."""
    load = DedupeState._load

    def careful(self: DedupeState, key: bytes, block: IdBlock) -> None:
        if block.upto <= self.index.watermark:
            load(self, key, block)

    patch.setattr(DedupeState, "_load", careful)
    return World


def _folded_again(patch: Patch) -> type[World]:
    """An identifier does not know up to which offset it has folded."""

    def forgetful(value: bytes) -> IdentifierState:
        node = decode_state(value)
        return IdentifierState(-1, node.local, node.ties)

    patch.setattr(batch_fold, "decode_state", forgetful)
    return World


def _clock_stands(patch: Patch) -> type[World]:
    """Within a batch no bucket grows idle."""
    judge = Dedupe.judge

    def frozen(self: Dedupe, bucket: str, digest: bytes, received_at_ms: int) -> DedupeVerdict:
        clock_ms, self.clock_ms = self.clock_ms, self._index.clock_ms
        seen = judge(self, bucket, digest, received_at_ms)
        self.clock_ms = max(clock_ms, self.clock_ms)
        return seen

    patch.setattr(Dedupe, "judge", frozen)
    return World


def _clock_lost(patch: Patch) -> type[World]:
    """The partition's clock starts anew with every worker."""
    load = DedupeState.__init__

    def forgetful(self: DedupeState, state: Mapping[bytes, bytes]) -> None:
        load(self, state)
        self.index.clock_ms = 0

    patch.setattr(DedupeState, "__init__", forgetful)
    return World


def _closed_last(patch: Patch) -> type[World]:
    """The ids of an idle bucket go before it is noted that it is closed."""
    forget = DedupeState.forget_idle

    def reordered(self: DedupeState, window_ms: int, state: Mapping[bytes, bytes]) -> PendingChanges | None:
        pending = forget(self, window_ms, state)
        if pending is None:
            return None
        closed = pending.changes.pop(CLOSED)
        return PendingChanges({**pending.changes, CLOSED: closed}, pending.apply)

    patch.setattr(DedupeState, "forget_idle", reordered)
    return World


def _days_close_in_silence(patch: Patch) -> type[World]:
    """The sessions of a day that closes within the batch that changed it are not told."""
    patch.setattr(batch_fold, "emit_closing_days", lambda *_: None)
    return World


MUTANTS: Final[dict[str, Callable[[Patch], type[World]]]] = {
    "watermark before states": _worker(WatermarkFirst),
    "states before effects": _worker(EffectsLast),
    "commit before all": lambda _: CommitFirst,
    "last value wins": lambda _: LastWins,
    "memory before the changelog": _apply_first,
    "unfinished blocks dropped": _unfinished_dropped,
    "folded again": _folded_again,
    "clock stands within a batch": _clock_stands,
    "clock lost": _clock_lost,
    "closed after its ids went": _closed_last,
    "days close in silence": _days_close_in_silence,
}
KILLING_SEEDS: Final[dict[str, int]] = {  # of `tests.killed.assert_killed`
    "watermark before states": 0,
    "states before effects": 2,
    "commit before all": 0,
    "last value wins": 57,
    "memory before the changelog": 1,
    "unfinished blocks dropped": 4,
    "folded again": 0,
    "clock stands within a batch": 3,
    "clock lost": 8,
    "closed after its ids went": 173,
    "days close in silence": 4,
}
