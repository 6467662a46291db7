"""Mutants: the stage without one of its rules. The checks must fail for each, or the rule is not needed."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import count
from typing import Final

import pytest
from msgspec import structs

from schemas.touch import Touch
from streams.engage import batch_fold, revisions
from streams.engage.dedupe import Dedupe, DedupeVerdict
from streams.engage.dedupe_state import CLOSED, DedupeState, IdBlock, PendingChanges
from streams.engage.stage import Engage, StateTable
from streams.profile import revisable_touches
from streams.profile.aggregate_fold import add_content
from streams.profile.identifier_state import IdentifierState, decode_state
from streams.profile.local_state import LocalState, RevisableTouch, RevisedAggregate
from streams.records import Message, Send
from tests.streams.engage.stage_fakes import Place
from tests.streams.engage.stage_world import Worker, World

Changes = Mapping[bytes, bytes | None]
Patch = pytest.MonkeyPatch


class Held:
    """A table that delays its writes until `release` is called."""

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
    """A table that calls `then` after each write."""

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
    """Rows and messages are sent after the states are written."""

    def make_stage(self, world: World, states: StateTable, seen: StateTable, send: Send) -> Engage:
        held: list[Mapping[Place, Sequence[Message]]] = []

        async def hold(messages: Mapping[Place, Sequence[Message]]) -> None:
            held.append(messages)

        async def release(_: int) -> None:
            while held:
                await send(held.pop(0))

        return super().make_stage(world, After(states, release), After(seen, release), hold)


class CommitFirst(World):
    """The offset is committed before the batch is processed."""

    def begin(self, p: int) -> None:
        super().begin(p)
        if p in self.takes:
            self.committed[p] = self.takes[p].end


class LastWins(World):
    """The value written last is restored, not the one of the highest offset."""

    versions = {"states": None, "seen": None}


def _worker(worker: type[Worker]) -> Callable[[Patch], type[World]]:
    return lambda _: type(worker.__name__, (World,), {"worker_type": worker})


def _apply_first(patch: Patch) -> type[World]:
    """The index is changed before the changelog."""

    async def keep(self: Engage, partition: int, pending: PendingChanges, version: int) -> None:
        pending.apply()
        await self._seen.write(partition, pending.changes, version)

    patch.setattr(Engage, "_keep", keep)
    return World


def _unfinished_dropped(patch: Patch) -> type[World]:
    """A block from above the watermark is dropped."""
    load = DedupeState._load

    def careful(self: DedupeState, key: bytes, block: IdBlock) -> None:
        if block.upto <= self.index.watermark:
            load(self, key, block)

    patch.setattr(DedupeState, "_load", careful)
    return World


def _folded_again(patch: Patch) -> type[World]:
    """An identifier forgets up to which offset it has folded."""

    def forgetful(value: bytes) -> IdentifierState:
        state = decode_state(value)
        return IdentifierState(-1, state.local, state.ties)

    patch.setattr(batch_fold, "decode_state", forgetful)
    return World


def _clock_stands(patch: Patch) -> type[World]:
    """The clock does not advance within a batch."""
    judge = Dedupe.judge

    def frozen(self: Dedupe, bucket: str, digest: bytes, received_at_ms: int) -> DedupeVerdict:
        clock_ms, self.clock_ms = self.clock_ms, self._index.clock_ms
        seen = judge(self, bucket, digest, received_at_ms)
        self.clock_ms = max(clock_ms, self.clock_ms)
        return seen

    patch.setattr(Dedupe, "judge", frozen)
    return World


def _clock_lost(patch: Patch) -> type[World]:
    """The partition's clock is reset by every new worker."""
    load = DedupeState.__init__

    def forgetful(self: DedupeState, state: Mapping[bytes, bytes]) -> None:
        load(self, state)
        self.index.clock_ms = 0

    patch.setattr(DedupeState, "__init__", forgetful)
    return World


def _closed_last(patch: Patch) -> type[World]:
    """The ids of an idle bucket are deleted before the bucket is marked closed."""
    forget = DedupeState.forget_idle

    def reordered(self: DedupeState, window_ms: int, state: Mapping[bytes, bytes]) -> PendingChanges | None:
        pending = forget(self, window_ms, state)
        if pending is None:
            return None
        closed = pending.changes.pop(CLOSED)
        return PendingChanges({**pending.changes, CLOSED: closed}, pending.apply)

    patch.setattr(DedupeState, "forget_idle", reordered)
    return World


def _closing_days_not_emitted(patch: Patch) -> type[World]:
    """The sessions of a day that closes within the batch that changed it are not emitted."""
    patch.setattr(batch_fold, "emit_closing_days", lambda *_: None)
    return World


def _one_day_searched(patch: Patch) -> type[World]:
    """Of a channel that counts by natural ids, only the day that a copy names is searched."""
    patch.setattr(Dedupe, "judge_any_day", Dedupe.judge)
    return World


def _any_revision_replaces(patch: Patch) -> type[World]:
    """An older revision replaces a newer one that arrived before it."""
    keep = revisions.revisable_of

    def numbered_by_arrival(touch: Touch, half_life_ms: int) -> RevisableTouch:
        return structs.replace(keep(touch, half_life_ms), revision=next(numbers))

    numbers = count()
    patch.setattr(revisions, "revisable_of", numbered_by_arrival)
    return World


def _no_revision_replaces(patch: Patch) -> type[World]:
    """The first revision to arrive counts."""
    patch.setattr(revisions, "find_revisable", lambda *_: None)
    return World


def _former_not_taken_back(patch: Patch) -> type[World]:
    """A revision is added to what its former one brought."""

    def add(local: LocalState, former: RevisableTouch, new: RevisableTouch, half_life_ms: int, gap_ms: int) -> None:
        revised = local.content
        assert isinstance(revised, RevisedAggregate)
        revised.touches = [new if one is former else one for one in revised.touches]
        add_content(revised, new.touch, False, half_life_ms, gap_ms)

    patch.setattr(revisions, "revise", add)
    return World


def _capped_with_others(patch: Patch) -> type[World]:
    """Touches that may be revised are final at once, and take places of caps that they may have to give back."""
    patch.setattr(revisable_touches, "MOST", 0)
    return World


MUTANTS: Final[dict[str, Callable[[Patch], type[World]]]] = {
    "watermark before states": _worker(WatermarkFirst),
    "states before effects": _worker(EffectsLast),
    "commit before the batch": lambda _: CommitFirst,
    "last value wins": lambda _: LastWins,
    "index before the changelog": _apply_first,
    "unfinished blocks dropped": _unfinished_dropped,
    "folded again": _folded_again,
    "clock stopped within a batch": _clock_stands,
    "clock lost": _clock_lost,
    "closed after its ids were deleted": _closed_last,
    "closing days not emitted": _closing_days_not_emitted,
    "one day searched": _one_day_searched,
    "any revision replaces": _any_revision_replaces,
    "no revision replaces": _no_revision_replaces,
    "former revision not taken back": _former_not_taken_back,
    "revisable touches are final": _capped_with_others,
}
KILLING_SEEDS: Final[dict[str, int]] = {  # of `tests.killed.assert_killed`
    "watermark before states": 0,
    "states before effects": 2,
    "commit before the batch": 0,
    "last value wins": 7,
    "index before the changelog": 14,
    "unfinished blocks dropped": 1,
    "folded again": 2,
    "clock stopped within a batch": 8,
    "clock lost": 8,
    "closed after its ids were deleted": 98,
    "closing days not emitted": 19,
    "one day searched": 7,
    "any revision replaces": 1,
    "no revision replaces": 2,
    "former revision not taken back": 2,
    "revisable touches are final": 17,
}
