"""Reading changelog partitions to their end, as fast as they can be decoded, and following them from there.

This speaks Kafka's fetch request itself: each answer says how far the log goes, so a partition is known to be complete
without waiting for a silence, also when compaction has emptied its end or all of it.

A broker that has just become the leader says for a moment that the log ends earlier than it does: it has the records,
and does not know yet that the others have them, too. Asked for the last offset it refuses until it knows (KIP-207,
Kafka 2.2). So whoever is going to work asks that, before a log counts as read.
"""

import asyncio
import logging
import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError, NoError, OffsetOutOfRangeError, for_code
from aiokafka.protocol.fetch import FetchRequest
from aiokafka.protocol.offset import OffsetRequest
from aiokafka.record import MemoryRecords
from aiokafka.structs import TopicPartition as KafkaTopicPartition

from streams.kafka.connect import RETRY_S
from streams.records import TopicPartition

FIRST_PAUSE_S = 0.1
PARTITION_BYTES = 1 << 20  # per partition and request
REQUEST_PARTITIONS = 16
MAX_BYTES = 2 * REQUEST_PARTITIONS * PARTITION_BYTES  # so that no partition of a request goes without for lack of room
EARLIEST, LATEST = -2, -1  # the protocol's codes for "the first offset there is" and "the one after the last"
WAIT_MS = 0  # what is not there now is not waited for: the log's end is what counts
FOLLOW_EVERY_S = 0.25
LEADERS_EVERY_S = 10.0  # how often who follows asks anew who leads the partitions
SILENCE_S = 3600.0  # after that who follows asks its store anew: what was deleted meanwhile may be gone from the log
FOLLOW_SHARE = 0.5  # of the time, at most: following must not keep a worker from its work

log = logging.getLogger(__name__)


@dataclass(slots=True)
class ChangelogCursor:
    """One partition to be read. `absorb(records, position)` takes records in and returns the position after them.

    `begin(end)` is asked where to read from when it is known how far the log goes, again after `SILENCE_S` without a
    word of the log, and, with -1, if the log has not got the position. `finished` is called at the log's end: once, or
    with `follow` whenever that is reached.
    """

    tp: TopicPartition
    absorb: Callable[[MemoryRecords, int], int]
    finished: Callable[[], None]
    position: int = 0
    begin: Callable[[int], int] | None = None
    follow: bool = False
    end: int | None = None
    done: bool = False
    alone: bool = False
    heard_s: float = -math.inf  # when the log was last heard of: Unix time, which a machine's sleep counts in
    passed: int = 0  # offsets read so far, at least as many as records

    @property
    def remaining(self) -> int | None:
        """Offsets to go; an upper bound of the records to go. None while it is not known."""
        return None if self.end is None else max(0, self.end - self.position)

    def go_to(self, position: int) -> None:
        """Read on from there."""
        self.passed += max(0, position - self.position)
        self.position = position


async def read_changelogs(cursors: Iterable[ChangelogCursor], client: AIOKafkaClient, address: str) -> None:
    """Read until each of `readings` is done. Waits for absent brokers and topics, with a line every few seconds."""
    pending = [cursor for cursor in cursors if not cursor.done]
    client.set_topics({cursor.tp[0] for cursor in pending})
    await client.force_metadata_update()
    pause_s = FIRST_PAUSE_S
    while pending:
        moved = False
        for node, some in _make_requests(client, pending):
            moved |= await _read_some(client, node, some)
        pending = [cursor for cursor in pending if not cursor.done]
        if moved or not pending:
            pause_s = FIRST_PAUSE_S
            continue
        if pause_s == RETRY_S:
            log.warning("%s Trying again every %g s.", _explain(client, pending[0].tp, address), RETRY_S)
        await asyncio.sleep(pause_s)
        await client.force_metadata_update()
        pause_s = min(2 * pause_s, RETRY_S)


async def follow_changelogs(find: Callable[[], list[ChangelogCursor]], client: AIOKafkaClient) -> None:
    """Keep up with whatever `find` names, until cancelled. What cannot be read is tried again quietly."""
    asked_s = -LEADERS_EVERY_S
    while True:
        cursors = find()
        if time.monotonic() - asked_s > LEADERS_EVERY_S:
            asked_s = time.monotonic()
            client.set_topics({cursor.tp[0] for cursor in cursors})
            await client.force_metadata_update()
        before = sum(cursor.position for cursor in cursors)
        started_s = time.monotonic()
        heard = True
        for node, some in _make_requests(client, cursors):
            heard &= await _read_some(client, node, some)
        if not heard:
            asked_s = -LEADERS_EVERY_S
            await asyncio.sleep(RETRY_S)
        elif before == sum(cursor.position for cursor in cursors):
            await asyncio.sleep(FOLLOW_EVERY_S)
        else:
            await asyncio.sleep((time.monotonic() - started_s) * (1 / FOLLOW_SHARE - 1))


def _explain(client: Any, tp: TopicPartition, address: str) -> str:
    """Why a partition cannot be read, as far as it is known."""
    topic, partition = tp
    known = client.cluster.partitions_for_topic(topic)
    if not known:
        return f"Changelog topic {topic} is not there, or Kafka at {address} does not answer; make it (compacted)."
    if partition not in known:
        return f"Changelog topic {topic} has {len(known)} partitions; it needs as many as its source has."
    return f"Changelog {topic}/{partition} at Kafka {address} cannot be read yet."


def _make_requests(client: Any, pending: list[ChangelogCursor]) -> list[tuple[int, list[ChangelogCursor]]]:
    """Which node is asked for which partitions. Those that nobody leads at the moment are left out."""
    groups: dict[int, list[ChangelogCursor]] = {}
    for cursor in pending:
        node = client.cluster.leader_for_partition(KafkaTopicPartition(*cursor.tp))
        if node is not None and node >= 0:
            groups.setdefault(node, []).append(cursor)
    requests: list[tuple[int, list[ChangelogCursor]]] = []
    for node, cursors in groups.items():
        together = [cursor for cursor in cursors if not cursor.alone]
        requests += [(node, [cursor]) for cursor in cursors if cursor.alone]
        starts = range(0, len(together), REQUEST_PARTITIONS)
        requests += [(node, together[start : start + REQUEST_PARTITIONS]) for start in starts]
    return requests


async def _read_some(client: Any, node: int, cursors: list[ChangelogCursor]) -> bool:
    """One request. Whether anything of the answer was of use."""
    topics: dict[str, list[tuple[int, int, int]]] = {}
    for cursor in cursors:
        topics.setdefault(cursor.tp[0], []).append((cursor.tp[1], cursor.position, PARTITION_BYTES))
    asked_s = time.time()
    try:
        response = await client.send(node, FetchRequest(WAIT_MS, 0, MAX_BYTES, 0, list(topics.items())))
    except KafkaError as error:
        log.debug("Fetching changelogs from node %d failed: %r", node, error)
        return False
    if abs(time.time() - asked_s) > SILENCE_S:
        return False  # the machine slept meanwhile: where the log ended before says nothing any more
    by_tp = {cursor.tp: cursor for cursor in cursors}
    moved = False
    for topic, partitions in response.topics:
        for partition, code, highwater, *data in partitions:
            cursor = by_tp[topic, partition]
            cursor.alone = len(cursors) == 1
            moved |= await _take_in(client, node, cursor, for_code(code), highwater, data[-1])
            await asyncio.sleep(0)
    return moved


async def _take_in(client: Any, node: int, cursor: ChangelogCursor, error: Any, highwater: int, data: bytes) -> bool:
    """One partition's part of an answer. Whether it was of use."""
    if error is OffsetOutOfRangeError:
        before = cursor.position
        if before and cursor.begin is not None:
            cursor.position = cursor.begin(-1)
        start = await _find_offset(client, node, cursor, EARLIEST)
        cursor.position = cursor.position if start is None else start
        return cursor.position != before
    if error is not NoError:
        log.debug("Reading changelog %s/%d: %s", *cursor.tp, error.__name__)
        return False
    cursor.end = highwater
    now_s = time.time()
    silent_s, cursor.heard_s = now_s - cursor.heard_s, now_s
    if cursor.begin is not None and abs(silent_s) > SILENCE_S:
        before, cursor.position = cursor.position, cursor.begin(highwater)
        if cursor.position != before:
            return True
    records = MemoryRecords(data)
    if records.has_next():
        cursor.go_to(cursor.absorb(records, cursor.position))
    elif cursor.alone:
        cursor.go_to(highwater)  # compaction has removed what was at the end of the log
    if cursor.position >= highwater:
        if not cursor.follow:
            cursor.end = await _find_offset(client, node, cursor, LATEST)
            if cursor.end is None or cursor.end > cursor.position:
                return cursor.end is not None
            cursor.done = True
        cursor.finished()
    # Nothing, though the log goes on: that, or the next record is too large for a shared answer; ask for it alone.
    cursor.alone = not len(data) and cursor.position < highwater
    return True


async def _find_offset(client: Any, node: int, cursor: ChangelogCursor, which: int) -> int | None:
    """The first offset that the log still has, or the one after its last; None if the broker does not say."""
    topic, partition = cursor.tp
    try:
        response = await client.send(node, OffsetRequest(-1, 0, [(topic, [(partition, which)])]))
    except KafkaError:
        return None
    found = [told for _, partitions in response.topics for _, code, _, told in partitions if for_code(code) is NoError]
    return int(found[0]) if found else None
