"""Reading changelog partitions to their end, as fast as they can be decoded, and following them from there.

The module sends Kafka's fetch requests itself: each answer has the end of the log, so a partition is known to be
complete without a time-out, also when compaction has removed its last records or all of them.

A broker that has just become the leader reports for a moment an end of the log that is too low: it has the records, but
does not know yet that the other replicas have them. Until it knows, it refuses to report the last offset (KIP-207,
Kafka 2.2). So a future owner requests the last offset before a log counts as read.
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
MAX_BYTES = 2 * REQUEST_PARTITIONS * PARTITION_BYTES  # enough for every partition of a request
EARLIEST, LATEST = -2, -1  # the protocol's codes for the first offset of a log and the one after its last
WAIT_MS = 0  # the broker does not wait for new records: the end of the log is what counts
FOLLOW_EVERY_S = 0.25
LEADERS_EVERY_S = 10.0  # how often a follower requests the leaders of its partitions
SILENCE_S = 3600.0  # after that a follower starts from its store again: deletions may be gone from the log meanwhile
FOLLOW_SHARE = 0.5  # of the time at most: following must not keep a worker from its work

log = logging.getLogger(__name__)


@dataclass(slots=True)
class ChangelogCursor:
    """The reading of one partition. `absorb(records, position)` applies records and returns the position after them.

    `begin(end)` returns the offset to read from. It is called when the end of the log is known, again after `SILENCE_S`
    without an answer, and with -1 when the log does not have the position. `finished` is called at the end of the log:
    once, or with `follow` each time that it is reached.
    """

    tp: TopicPartition
    absorb: Callable[[MemoryRecords, int], int]
    finished: Callable[[], None]
    position: int = 0
    begin: Callable[[int], int] | None = None
    follow: bool = False
    end: int | None = None
    done: bool = False
    alone: bool = False  # whether the next request is for this partition only
    answered_s: float = -math.inf  # time of the last answer: Unix time, because it includes the machine's sleep
    offsets_read: int = 0  # so far; at least as many as records

    @property
    def remaining(self) -> int | None:
        """Offsets still to read: an upper bound of the records. None means unknown."""
        return None if self.end is None else max(0, self.end - self.position)

    def advance(self, position: int) -> None:
        """Continue at `position`."""
        self.offsets_read += max(0, position - self.position)
        self.position = position


async def read_changelogs(cursors: Iterable[ChangelogCursor], client: AIOKafkaClient, address: str) -> None:
    """Read until each of `cursors` is done. Wait for absent brokers and topics, with a log line every few seconds."""
    pending = [cursor for cursor in cursors if not cursor.done]
    client.set_topics({cursor.tp[0] for cursor in pending})
    await client.force_metadata_update()
    pause_s = FIRST_PAUSE_S
    while pending:
        progressed = False
        for node, some in _make_requests(client, pending):
            progressed |= await _fetch(client, node, some)
        pending = [cursor for cursor in pending if not cursor.done]
        if progressed or not pending:
            pause_s = FIRST_PAUSE_S
            continue
        if pause_s == RETRY_S:
            log.warning("%s Retrying every %g s.", _explain(client, pending[0].tp, address), RETRY_S)
        await asyncio.sleep(pause_s)
        await client.force_metadata_update()
        pause_s = min(2 * pause_s, RETRY_S)


async def follow_changelogs(find: Callable[[], list[ChangelogCursor]], client: AIOKafkaClient) -> None:
    """Follow the cursors that `find` returns until cancelled. Failed requests are repeated without a log line."""
    refreshed_s = -LEADERS_EVERY_S
    while True:
        cursors = find()
        if time.monotonic() - refreshed_s > LEADERS_EVERY_S:
            refreshed_s = time.monotonic()
            client.set_topics({cursor.tp[0] for cursor in cursors})
            await client.force_metadata_update()
        before = sum(cursor.position for cursor in cursors)
        started_s = time.monotonic()
        answered = True
        for node, some in _make_requests(client, cursors):
            answered &= await _fetch(client, node, some)
        if not answered:
            refreshed_s = -LEADERS_EVERY_S
            await asyncio.sleep(RETRY_S)
        elif before == sum(cursor.position for cursor in cursors):
            await asyncio.sleep(FOLLOW_EVERY_S)
        else:
            await asyncio.sleep((time.monotonic() - started_s) * (1 / FOLLOW_SHARE - 1))


def _explain(client: Any, tp: TopicPartition, address: str) -> str:
    """Return why a partition cannot be read, as far as it is known."""
    topic, partition = tp
    known = client.cluster.partitions_for_topic(topic)
    if not known:
        return f"Changelog topic {topic} does not exist, or Kafka at {address} does not answer; create it (compacted)."
    if partition not in known:
        return f"Changelog topic {topic} has {len(known)} partitions; it needs as many as its source topic."
    return f"Changelog {topic}/{partition} at Kafka {address} cannot be read yet."


def _make_requests(client: Any, pending: list[ChangelogCursor]) -> list[tuple[int, list[ChangelogCursor]]]:
    """Group partitions into requests, each with its node. Partitions without a leader are left out."""
    by_node: dict[int, list[ChangelogCursor]] = {}
    for cursor in pending:
        node = client.cluster.leader_for_partition(KafkaTopicPartition(*cursor.tp))
        if node is not None and node >= 0:
            by_node.setdefault(node, []).append(cursor)
    requests: list[tuple[int, list[ChangelogCursor]]] = []
    for node, cursors in by_node.items():
        together = [cursor for cursor in cursors if not cursor.alone]
        requests += [(node, [cursor]) for cursor in cursors if cursor.alone]
        starts = range(0, len(together), REQUEST_PARTITIONS)
        requests += [(node, together[start : start + REQUEST_PARTITIONS]) for start in starts]
    return requests


async def _fetch(client: Any, node: int, cursors: list[ChangelogCursor]) -> bool:
    """Send one fetch request. Return whether any part of the answer could be used."""
    topics: dict[str, list[tuple[int, int, int]]] = {}
    for cursor in cursors:
        topics.setdefault(cursor.tp[0], []).append((cursor.tp[1], cursor.position, PARTITION_BYTES))
    sent_s = time.time()
    try:
        response = await client.send(node, FetchRequest(WAIT_MS, 0, MAX_BYTES, 0, list(topics.items())))
    except KafkaError as error:
        log.debug("Fetching changelogs from node %d failed: %r", node, error)
        return False
    if abs(time.time() - sent_s) > SILENCE_S:
        return False  # the machine slept meanwhile: the reported ends of the logs are out of date
    by_tp = {cursor.tp: cursor for cursor in cursors}
    progressed = False
    for topic, partitions in response.topics:
        for partition, code, highwater, *data in partitions:
            cursor = by_tp[topic, partition]
            cursor.alone = len(cursors) == 1
            progressed |= await _process(client, node, cursor, for_code(code), highwater, data[-1])
            await asyncio.sleep(0)
    return progressed


async def _process(client: Any, node: int, cursor: ChangelogCursor, error: Any, highwater: int, data: bytes) -> bool:
    """Process one partition's part of an answer. Return whether it could be used."""
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
    silent_s, cursor.answered_s = now_s - cursor.answered_s, now_s
    if cursor.begin is not None and abs(silent_s) > SILENCE_S:
        before, cursor.position = cursor.position, cursor.begin(highwater)
        if cursor.position != before:
            return True
    records = MemoryRecords(data)
    if records.has_next():
        cursor.advance(cursor.absorb(records, cursor.position))
    elif cursor.alone:
        cursor.advance(highwater)  # compaction has removed the last records of the log
    if cursor.position >= highwater:
        if not cursor.follow:
            cursor.end = await _find_offset(client, node, cursor, LATEST)
            if cursor.end is None or cursor.end > cursor.position:
                return cursor.end is not None
            cursor.done = True
        cursor.finished()
    # No records before the end of the log: they were compacted, or the next one is too large for a shared answer.
    cursor.alone = not len(data) and cursor.position < highwater
    return True


async def _find_offset(client: Any, node: int, cursor: ChangelogCursor, which: int) -> int | None:
    """Return the first offset of the log, or the one after its last. None means that the broker does not report it."""
    topic, partition = cursor.tp
    try:
        response = await client.send(node, OffsetRequest(-1, 0, [(topic, [(partition, which)])]))
    except KafkaError:
        return None
    offsets = [offset for _, answers in response.topics for _, code, _, offset in answers if for_code(code) is NoError]
    return int(offsets[0]) if offsets else None
