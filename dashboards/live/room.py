"""What the viewers of one tenant share: the state of the last minutes, and a log of events for each audience."""

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from heapq import nlargest
from typing import Final

from dashboards.answers.score import hot_rank, value_at
from dashboards.live.active_people import ActivePeople
from dashboards.live.audience import AUDIENCES, Audience, shown_to
from dashboards.live.bins import Bins
from dashboards.live.hot_list import HotList, ProfileChange
from dashboards.live.message_log import MessageLog
from dashboards.live.messages import (
    BIN_S,
    Counts,
    Hello,
    Hot,
    HotProfile,
    LiveTouch,
    Message,
    Pipeline,
    ProfileScore,
    Scores,
    Touches,
    encode_event,
)
from dashboards.live.pipeline_state import PipelineState
from dashboards.live.watched_profiles import WatchedProfiles

NEWEST: Final = 50
SENT_TOUCHES: Final = 12  # at a time: the newest, and all of watched profiles
SENT_SCORES: Final = 20  # the highest, and all of watched profiles
HOT_ROWS: Final = 20
COUNTS_EVERY_MS: Final = 1_000
HOT_EVERY_MS: Final = 1_000
PIPELINE_EVERY_MS: Final = 5_000
UNWATCHED_MS: Final = 120_000  # without viewers for so long, a room writes no events for an audience


@dataclass(frozen=True, slots=True)
class RoomContext:
    """What all rooms of a process share. `key_of`: (tenant, identifier) -> key; `epoch`: of this process."""

    epoch: str
    half_life_ms: int
    key_of: Callable[[str, str], str]
    mask: Callable[[Message], Message]
    pipeline: PipelineState
    watched: WatchedProfiles


class Room:
    """The room of one tenant. Used in the event loop only."""

    def __init__(self, tenant: str, context: RoomContext) -> None:
        self.tenant = tenant
        self._viewers = Counter[Audience]()
        self.hot = HotList()
        self.number = 1  # of the last event
        self.waiting: list[asyncio.Future[None]] = []
        self._context = context
        self._watched_ms: dict[Audience, int] = {}
        self._logs = {audience: MessageLog() for audience in AUDIENCES}
        self._hellos: dict[Audience, bytes] = {}
        self._bins = Bins()
        self._active = ActivePeople()
        self._newest: OrderedDict[str, LiveTouch] = OrderedDict()
        self._touches: deque[LiveTouch] = deque(maxlen=SENT_TOUCHES)
        self._always: list[LiveTouch] = []  # of watched profiles
        self._new = 0  # touches since the last event
        self._scores: dict[str, ProfileChange] = {}
        self._is_watched_changed = False  # whether a watched profile is among them
        self._hot_rows: tuple[ProfileChange, ...] | None = None  # as they were sent last
        self._sent_ms: dict[type[Message], int] = {}
        self._sent_answers = context.pipeline.answers()

    def count(self, channel: str, touches: int, at_ms: int) -> None:
        """Count new touches that were processed at a time."""
        self._bins.add(at_ms, channel, touches)

    def show(self, touches: Iterable[LiveTouch]) -> None:
        """Show touches, oldest first; one that is known is replaced."""
        for touch in touches:
            self._newest.pop(touch.id, None)
            self._newest[touch.id] = touch
            self._touches.append(touch)
            self._new += 1
            if (self.tenant, touch.profile) in self._context.watched:
                self._always.append(touch)
        while len(self._newest) > NEWEST:
            self._newest.popitem(last=False)

    def change_profile(self, change: ProfileChange, now_ms: int) -> None:
        """Apply the change of a profile."""
        self.hot.change(change, now_ms)
        if change.parent:
            self._active.remove(change.profile)
            self._scores.pop(change.profile, None)
            return
        self._scores[change.profile] = change
        self._is_watched_changed |= (self.tenant, change.profile) in self._context.watched
        if change.touches > change.bots:
            self._active.see(change.profile, change.last_seen_ms)

    def enter(self, audience: Audience, now_ms: int) -> None:
        """Count a viewer."""
        self._viewers[audience] += 1
        self._watched_ms[audience] = now_ms

    def leave(self, audience: Audience, now_ms: int) -> None:
        """Count a viewer less."""
        self._viewers[audience] -= 1
        self._watched_ms[audience] = now_ms

    def is_watched(self, now_ms: int) -> bool:
        """Return whether somebody watches, or did a moment ago and may return."""
        return any(self._is_watched_by(audience, now_ms) for audience in AUDIENCES)

    def _is_watched_by(self, audience: Audience, now_ms: int) -> bool:
        return self._viewers[audience] > 0 or now_ms - self._watched_ms.get(audience, 0) < UNWATCHED_MS

    def flush(self, now_ms: int) -> None:
        """Write what is new to the logs, and wake the viewers if there is something."""
        self._hellos.clear()
        if not self.is_watched(now_ms):
            self._skip()
            return
        messages = self._take_messages(now_ms)
        if not messages:
            return
        self.number += 1
        for audience, log in self._logs.items():
            if self._is_watched_by(audience, now_ms):
                log.append(self.number, self._encode(audience, messages), now_ms)
            else:
                log.drop_all(self.number)
        waiting, self.waiting = self.waiting, []
        for future in waiting:
            if not future.done():  # of a viewer that has left
                future.set_result(None)

    def _skip(self) -> None:
        """Forget what would be sent. A viewer that returns later begins anew."""
        self._touches.clear()
        self._always.clear()
        self._scores.clear()
        self._new = 0
        self.number += 1
        for log in self._logs.values():
            log.drop_all(self.number)

    def hello(self, audience: Audience, now_ms: int) -> bytes:
        """Return the event `hello`, which contains what the events up to `number` brought."""
        if audience not in self._hellos:
            message = Hello(
                server_ms=now_ms,
                bin_s=BIN_S,
                half_life_ms=self._context.half_life_ms,
                bins=self._bins.all(now_ms),
                active=self._active.count(now_ms),
                newest=self._with_keys(self._newest.values()),
                hot=self._hot(now_ms) if self.hot.is_read else None,
                pipeline=self._context.pipeline.message(now_ms),
            )
            self._hellos[audience] = self._encode(audience, [message])
        return self._hellos[audience]

    def pipeline_event(self, audience: Audience, now_ms: int) -> bytes:
        """Return the event `pipeline` as it is now."""
        return self._encode(audience, [self._context.pipeline.message(now_ms)])

    def after(self, audience: Audience, number: int) -> bytes | None:
        """Return the events behind a number; None if some of them are gone, or the number is not of this room."""
        return self._logs[audience].after(number) if number <= self.number else None

    def size_after(self, audience: Audience, number: int) -> int | None:
        """Return the bytes of those events."""
        return self._logs[audience].size_after(number)

    def _take_messages(self, now_ms: int) -> list[Message]:
        messages: list[Message] = []
        if self._touches:
            sent = {touch.id: touch for touch in (*self._always, *self._touches)}
            touches = sorted(sent.values(), key=lambda touch: touch.received_ms)
            messages.append(Touches(now_ms, self._with_keys(touches), max(0, self._new - len(touches))))
            self._touches.clear()
            self._always.clear()
            self._new = 0
        if self._is_due(Counts, COUNTS_EVERY_MS, now_ms) and (bins := self._bins.take_changed(now_ms)):
            messages.append(Counts(now_ms, bins, self._active.count(now_ms)))
        if self._scores and (self._is_watched_changed or self._is_due(Scores, HOT_EVERY_MS, now_ms)):
            messages.append(Scores(now_ms, self._changed_scores(now_ms)))
        if self.hot.is_read and self._is_due(Hot, HOT_EVERY_MS, now_ms):
            rows = tuple(self.hot.best(HOT_ROWS))
            if rows != self._hot_rows:
                self._hot_rows = rows
                messages.append(self._hot(now_ms))
        pipeline, answers = self._context.pipeline, self._context.pipeline.answers()
        if answers != self._sent_answers or self._is_due(Pipeline, PIPELINE_EVERY_MS, now_ms):
            self._sent_answers = answers
            messages.append(pipeline.message(now_ms))
        self._sent_ms.update({type(message): now_ms for message in messages})
        return messages

    def _is_due(self, kind: type[Message], every_ms: int, now_ms: int) -> bool:
        return now_ms - self._sent_ms.get(kind, 0) >= every_ms

    def _encode(self, audience: Audience, messages: Iterable[Message]) -> bytes:
        event_id = f"{self._context.epoch}-{self.number}"
        shown = (shown_to(audience, message, self._context.mask) for message in messages)
        return b"".join(encode_event(message, event_id) for message in shown if message is not None)

    def _hot(self, now_ms: int) -> Hot:
        half_life_ms = self._context.half_life_ms
        rows = [
            HotProfile(
                place=place,
                profile=one.profile,
                key=self._key(one.profile),
                name=one.name,
                score=value_at(one.rank, now_ms, half_life_ms),
                touches=one.touches,
                last_seen_ms=one.last_seen_ms,
                last_source=one.last_source,
                country=one.country,
                device=one.device,
            )
            for place, one in enumerate(self.hot.best(HOT_ROWS), 1)
        ]
        return Hot(now_ms, rows, self.hot.count_above(hot_rank(now_ms, half_life_ms)))

    def _changed_scores(self, now_ms: int) -> list[ProfileScore]:
        changed, self._scores, self._is_watched_changed = self._scores, {}, False
        watched = [one for one in changed.values() if (self.tenant, one.profile) in self._context.watched]
        best = nlargest(SENT_SCORES, changed.values(), key=lambda one: one.rank)
        return [
            ProfileScore(
                one.profile, self._key(one.profile), value_at(one.rank, now_ms, self._context.half_life_ms), one.touches
            )
            for one in {one.profile: one for one in (*best, *watched)}.values()
        ]

    def _with_keys(self, touches: Iterable[LiveTouch]) -> list[LiveTouch]:
        """Return touches with the keys of their profiles, which are computed only for those that are sent."""
        return [replace(touch, key=self._key(touch.profile)) for touch in touches]

    def _key(self, identifier: str) -> str:
        return self._context.key_of(self.tenant, identifier) if identifier else ""
