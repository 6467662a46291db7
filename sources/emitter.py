"""A Kafka producer of raw touches, for importers and for applications.

    with Emitter("127.0.0.1:9092") as emitter:
        emitter.emit("calls", {"type": "missed", "occurred_at": "2024-03-01T10:00:00Z", "phone": "+49 30 901820"})

No touch is lost silently: all in-sync replicas acknowledge it, or an error says how many they did not acknowledge. A
touch that is sent twice because its acknowledgement got lost keeps its event id, and counts once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self
from uuid import uuid4

from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError, KafkaTimeoutError, MessageSizeTooLargeError

from schemas.plural import counted
from sources.buffer import Buffer, Counts
from sources.messages import encode_touch, message_key

_CLOSE_S: Final = 5.0  # limit for disconnecting, and for the flush after an exception of the caller
_OVERHEAD_BYTES: Final = 300  # estimated memory of the client per record, in addition to its bytes


class EmitError(Exception):
    """Touches that did not reach Kafka; the message says how many, why, and what to do."""


class KafkaUnavailableError(EmitError):
    """Kafka does not answer, or stopped answering."""


class TopicNotFoundError(EmitError):
    """Kafka answers and does not have the topic."""


class TouchTooLargeError(EmitError):
    """One touch exceeds the size limit; it was not sent, and other touches are not affected."""


@dataclass(frozen=True, slots=True)
class EmitterLimits:
    """Limits of memory, size and time.

    `buffer_bytes`: memory for unacknowledged touches; a full buffer blocks `emit`, for at most `block_s`.
    `connect_s`: time for the first connection, and for the metadata of a topic that is used for the first time.
    `delivery_s`: time in which one touch is retried. `linger_ms`: time a batch waits for more touches. `touch_bytes`:
    size of the largest touch as JSON; the default is the default of intake (`TOUCHLINE_LARGEST_KB`).
    """

    buffer_bytes: int = 32 * 1024 * 1024
    block_s: float = 30.0
    connect_s: float = 10.0
    delivery_s: float = 30.0
    linger_ms: int = 50
    batch_bytes: int = 256 * 1024
    touch_bytes: int = 256 * 1024


class Emitter:
    """A connection to Kafka that sends touches; any number of threads may share it."""

    def __init__(
        self,
        bootstrap: str,
        *,
        client_id: str = "touchline-emitter",
        limits: EmitterLimits | None = None,
        topic_of: Callable[[str], str] = str,
    ) -> None:
        """Connect to Kafka.

        `bootstrap`: host:port, several separated by commas. `topic_of`: returns the topic of a channel. Raises
        `KafkaUnavailableError`.
        """
        self._bootstrap = bootstrap
        self._limits = limits or EmitterLimits()
        self._topic_of = topic_of
        self._buffer = Buffer(self._limits.buffer_bytes)
        try:
            self._producer = KafkaProducer(**_config(bootstrap, client_id, self._limits))
        except (KafkaError, OSError, ValueError) as error:
            raise KafkaUnavailableError(
                f"Kafka at {bootstrap} does not answer ({_error_text(error)}): {_ADVICE}."
            ) from error

    def emit(self, channel: str, touch: Mapping[str, object]) -> str:
        """Queue a touch for sending and return its event id: the touch's own, or a new one if it has none.

        A background thread sends; touches with the same strongest identifier keep their order. Blocks while the buffer
        is full. Raises `KafkaUnavailableError`, also for earlier touches that failed since the last error;
        `TopicNotFoundError`; `TouchTooLargeError` for this touch; and `ValueError` if JSON cannot represent the touch
        (NaN, objects of other types). If it raises, this touch was not queued.
        """
        self._raise_failures()
        own_id = touch.get("event_id")
        event_id = uuid4().hex if own_id is None or own_id == "" else str(own_id)  # 0 is an id
        value = encode_touch({**touch, "event_id": event_id})
        if len(value) > self._limits.touch_bytes:
            raise TouchTooLargeError(
                f"a touch for {channel} has {len(value)} bytes, over the limit of {self._limits.touch_bytes} "
                f"(event id {event_id})."
            )
        size = len(value) + _OVERHEAD_BYTES
        if not self._buffer.reserve(size, self._limits.block_s):
            raise KafkaUnavailableError(
                f"the buffer stayed full for {self._limits.block_s:g} s, since Kafka at {self._bootstrap} does not "
                f"acknowledge {counted(self._buffer.counts().pending, 'touch')}: {_ADVICE}."
            )
        try:
            future = self._producer.send(self._topic_of(channel), value=value, key=message_key(touch, event_id))
        except BaseException as error:
            self._buffer.release(size)
            raise self._send_error(channel, error) from error
        future.add_callback(lambda _: self._buffer.acknowledge(channel, size))
        future.add_errback(lambda error: self._buffer.fail(channel, size, _error_text(error)))
        return event_id

    def flush(self, timeout_s: float | None = None) -> None:
        """Wait until every queued touch is acknowledged. Raises `EmitError` with how many are not, and why.

        `timeout_s`: None waits 5 s longer than a touch is retried (`delivery_s`).
        """
        pending = self._buffer.wait_empty(self._limits.delivery_s + 5 if timeout_s is None else timeout_s)
        self._raise_failures()
        if pending:
            raise KafkaUnavailableError(
                f"Kafka at {self._bootstrap} has not acknowledged {counted(pending, 'touch')} yet and retries: "
                f"flush again, or check that Kafka is running."
            )

    def counts(self) -> Counts:
        """Return the numbers of touches so far."""
        return self._buffer.counts()

    def close(self, timeout_s: float | None = None) -> None:
        """Flush and disconnect. Raises what `flush` raises, after disconnecting."""
        try:
            self.flush(timeout_s)
        except BaseException:
            self._abandon()
            raise
        self._producer.close(timeout=_CLOSE_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if isinstance(error, EmitError):
            # The caller already has the error of Kafka: a flush would wait again and raise a second one.
            self._abandon()
        else:
            self.close(None if error is None else _CLOSE_S)

    def _abandon(self) -> None:
        """Disconnect at once; touches in flight count as failed."""
        # `close` of kafka-python 3.0.12 first waits for records in flight; on a timeout it raises and leaves its thread
        # running. Therefore the thread is stopped before.
        self._producer._sender.force_close()
        self._producer.close(timeout=_CLOSE_S)

    def _raise_failures(self) -> None:
        """Raise `KafkaUnavailableError` if touches failed since the last call."""
        failed, reason = self._buffer.take_failures()
        if failed:
            raise KafkaUnavailableError(
                f"Kafka at {self._bootstrap} did not acknowledge {counted(failed, 'touch')} ({reason}): {_ADVICE}."
            )

    def _send_error(self, channel: str, error: BaseException) -> BaseException:
        """Return the error to raise for an exception of `KafkaProducer.send`."""
        topic = self._topic_of(channel)
        if isinstance(error, MessageSizeTooLargeError):
            return TouchTooLargeError(f"a touch for {channel} is too large for Kafka: {_error_text(error)}.")
        if not isinstance(error, KafkaError):
            return error
        if isinstance(error, KafkaTimeoutError) and self._lacks_topic(topic):
            return TopicNotFoundError(
                f"Kafka at {self._bootstrap} has no topic {topic!r}: create it, or give the address of the right Kafka."
            )
        return KafkaUnavailableError(f"Kafka at {self._bootstrap} does not answer ({_error_text(error)}): {_ADVICE}.")

    def _lacks_topic(self, topic: str) -> bool:
        """Return whether Kafka answers and does not have the topic; the producer reports a timeout in either case."""
        servers, wait_ms = _servers(self._bootstrap), int(self._limits.connect_s * 1000)
        try:
            admin = KafkaAdminClient(
                bootstrap_servers=servers, bootstrap_timeout_ms=wait_ms, request_timeout_ms=wait_ms
            )
        except KafkaError:
            return False
        try:
            return topic not in admin.list_topics()
        except KafkaError:
            return False
        finally:
            admin.close()


_ADVICE: Final = (
    "start it or correct the address (`touchline up` restarts its own), then send the same touches again; "
    "those that were stored are recognised by their event ids and count once"
)


def _error_text(error: BaseException) -> str:
    return (str(error) or type(error).__name__).removeprefix(f"{type(error).__name__}: ").strip().rstrip(".")


def _servers(bootstrap: str) -> list[str]:
    return [server.strip() for server in bootstrap.split(",")]


def _config(bootstrap: str, client_id: str, limits: EmitterLimits) -> dict[str, object]:
    request_ms = int(limits.delivery_s * 1000) - limits.linger_ms
    return {
        "bootstrap_servers": _servers(bootstrap),
        "client_id": client_id,
        "acks": "all",
        "enable_idempotence": True,
        "compression_type": "zstd",
        "linger_ms": limits.linger_ms,
        "batch_size": limits.batch_bytes,
        "max_request_size": limits.touch_bytes + 1024 * 1024,
        "max_block_ms": int(limits.connect_s * 1000),
        "bootstrap_timeout_ms": int(limits.connect_s * 1000),
        "delivery_timeout_ms": int(limits.delivery_s * 1000),
        "request_timeout_ms": min(10_000, request_ms),
        "reconnect_backoff_max_ms": 1000,
        "allow_auto_create_topics": False,
        "metrics_enabled": False,
    }
