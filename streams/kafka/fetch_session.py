"""Fetch sessions (KIP-227): requests of a consumer and the broker's answers, without what has not changed.

A worker reads some fifty partitions, of which a few have new records at a time. aiokafka lists all of them in every
request, and the broker in every answer. In a session the broker remembers what was asked for: a request names the
partitions whose offset changed, new ones and dropped ones, and an answer those with records, errors or another end.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from aiokafka.errors import FetchSessionIdNotFound, InvalidFetchSessionEpoch, for_code
from aiokafka.protocol.fetch import FetchRequest

from streams.records import TopicPartition

SESSIONS_SINCE: Final = 7  # version of the request
OWN_CONNECTION: Final = 2  # number of a connection beside aiokafka's: 0, and 1 to the group's coordinator
_NODES: Final = 1 << 32
BEGIN: Final = 0  # epoch of a request that begins a session, and names all partitions
LAST_EPOCH: Final = 2**31 - 1
_LOST: Final = (FetchSessionIdNotFound.errno, InvalidFetchSessionEpoch.errno)

Asked = dict[TopicPartition, tuple[int, int]]  # offset and maximum of bytes


def lane_of(node_id: int, connection: int) -> int:
    """Return the number of a lane: one of the connections to a node, with a session of its own.

    aiokafka's fetcher takes it for a node. So it has one request in flight in each lane, not one for each node.
    """
    return connection * _NODES + node_id


def split_lane(lane: int) -> tuple[int, int]:
    """Return (connection, node id) of a lane."""
    return divmod(lane, _NODES)


class _SessionRequest(FetchRequest):
    """A request of a session. A broker older than sessions gets all partitions."""

    def __init__(self, whole: Any, session_id: int, epoch: int, before: Asked, asked: Asked) -> None:
        limits = (whole._max_wait_ms, whole._min_bytes, whole._max_bytes, whole._isolation_level)
        super().__init__(*limits, whole.topics, whole._rack_id)
        self._session_id, self._epoch = session_id, epoch
        changed = ((tp, one) for tp, one in asked.items() if before.get(tp) != one)
        self._changes = FetchRequest(*limits, _by_topic((tp[0], (tp[1], *one)) for tp, one in changed), whole._rack_id)
        self._forgotten = _by_topic(before.keys() - asked.keys())

    def build(self, request_struct_class: Any) -> Any:
        if request_struct_class.API_VERSION < SESSIONS_SINCE:
            return super().build(request_struct_class)
        built: Any = self._changes.build(request_struct_class)
        built.session_id, built.session_epoch = self._session_id, self._epoch
        built.forgotten_topics_data = self._forgotten
        return built


class FetchSession:
    """The session of one lane: at most one request at a time."""

    def __init__(self) -> None:
        self.session_id = 0  # 0: none
        self.epoch = BEGIN
        self.asked: Asked = {}  # what the broker remembers, nothing before the first answer

    async def exchange(self, client: Any, lane: int, whole: FetchRequest) -> Any:
        """Send what differs from the request before, and return the answer. Raises aiokafka's errors.

        If the broker does not know the session any more, a new one is begun. So it is after a failure or a
        cancellation, because the broker may have received the request.
        """
        connection, node_id = split_lane(lane)
        while True:
            asked = {(topic, one): (offset, most) for topic, parts in whole.topics for one, offset, most in parts}
            epoch, before, self.epoch, self.asked = self.epoch, self.asked, BEGIN, {}
            request = _SessionRequest(whole, self.session_id, epoch, before, asked)
            answer = await client.send(node_id, request, group=connection)
            code = getattr(answer, "error_code", 0)
            if code in _LOST and epoch != BEGIN:
                self.session_id = 0
                continue
            if code:
                raise for_code(code)()
            self.session_id = getattr(answer, "session_id", 0)
            if self.session_id:  # else the broker has no room for a session
                self.asked, self.epoch = asked, epoch % LAST_EPOCH + 1
            return answer


class SessionClient:
    """aiokafka's client as its fetcher sees it: its nodes are lanes, and fetches are sent in the session of theirs."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._sessions: defaultdict[int, FetchSession] = defaultdict(FetchSession)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    async def send(self, lane: int, request: Any) -> Any:
        """Send a request and return the answer. Raises aiokafka's errors."""
        if isinstance(request, FetchRequest):
            return await self._sessions[lane].exchange(self._client, lane, request)
        connection, node_id = split_lane(lane)
        return await self._client.send(node_id, request, group=connection)


def _by_topic(items: Iterable[tuple[str, Any]]) -> list[tuple[str, list[Any]]]:
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for topic, item in items:
        found[topic].append(item)
    return list(found.items())
