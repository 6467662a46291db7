"""The sink of the collector: where the records of a request become durable before the request is answered."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class RawRecord(NamedTuple):
    """A record for a raw topic, or for the quarantine.

    `topic` is the channel's raw topic, prefix included. `value` is the JSON of the touch, with its event id.
    `received_at_ms` is when the request arrived, in milliseconds since 1970; it becomes the header `received_at`
    unless the record has headers of its own.
    """

    topic: str
    value: bytes
    received_at_ms: int
    key: bytes | None = None
    headers: tuple[tuple[str, bytes], ...] = ()


class SinkUnavailable(Exception):  # noqa: N818 - a state that passes, answered with 503
    """Records that could not be made durable now. The message says why; `retry_after_s` is for `Retry-After`.

    Some of them may have arrived nevertheless. The client sends all of them again, and event ids make them count once.
    """

    def __init__(self, reason: str, retry_after_s: int) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s


class RecordsTooLarge(Exception):  # noqa: N818 - a refusal of some records, not a failure of the sink
    """Records that exceed the size limit of Kafka, by `positions` in the commit. All others of it are durable."""

    def __init__(self, positions: Sequence[int]) -> None:
        super().__init__(f"Kafka refuses {len(positions)} records as too large: raise max.message.bytes of the topic.")
        self.positions = tuple(positions)


class Sink(Protocol):
    """What makes records durable: Kafka, or Kafka and a spool."""

    async def commit(self, records: Sequence[RawRecord]) -> None:
        """Return once all records are durable: acknowledged by all in-sync replicas, or synced to the spool's disk.

        Raises SinkUnavailable, and RecordsTooLarge if only some records were refused.
        """

    def ready(self) -> str | None:
        """Return why the sink cannot take records, or None if it can."""
