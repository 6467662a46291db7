"""Sends raw touches to Kafka: for importers, and for other people's code.

    with Emitter("127.0.0.1:9092") as emitter:
        emitter.emit("calls", {"type": "missed", "occurred_at": "2024-03-01T10:00:00Z", "phone": "+49 30 901820"})

Nothing is lost in silence: every touch is acknowledged by all in-sync replicas, or an error says how many were not. A
touch that was sent twice because an acknowledgement got lost has one event id, and counts once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self
from uuid import uuid4

from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError, KafkaTimeoutError, MessageSizeTooLargeError

from sources.buffer import Buffer, Counts
from sources.messages import encode, key_of

_CLOSE_S: Final = 5.0  # for saying goodbye, and for what is under way when the caller has failed
_OVERHEAD_BYTES: Final = 300  # what the client keeps per record beside its bytes, roughly


class EmitError(Exception):
    """Touches that did not reach Kafka; one sentence with how many, why, and what to do."""


class KafkaAway(EmitError):
    """Kafka does not answer, or no longer."""


class TopicMissing(EmitError):
    """Kafka answers and has no such topic."""


class TouchTooLarge(EmitError):
    """This one touch is over the limit; it was not taken, others are not concerned."""


@dataclass(frozen=True, slots=True)
class EmitterLimits:
    """How much is kept and how long is waited.

    `buffer_bytes`: unacknowledged touches kept in memory; a full buffer makes `emit` wait, for `block_s` at most.
    `connect_s`: the first connection, and a topic nothing was sent to yet. `delivery_s`: how long one touch is tried.
    `linger_ms`: how long a batch waits to fill. `touch_bytes`: the largest touch, encoded; what
    intake takes unless set otherwise.
    """

    buffer_bytes: int = 32 * 1024 * 1024
    block_s: float = 30.0
    connect_s: float = 10.0
    delivery_s: float = 30.0
    linger_ms: int = 50
    batch_bytes: int = 256 * 1024
    touch_bytes: int = 256 * 1024


class Emitter:
    """A connection to Kafka that takes touches, from any number of threads."""

    def __init__(
        self,
        bootstrap: str,
        *,
        client_id: str = "touchline-emitter",
        limits: EmitterLimits | None = None,
        topic_of: Callable[[str], str] = str,
    ) -> None:
        """`bootstrap`: host:port, several separated by commas. `topic_of`: topic of a channel. Raises `KafkaAway`."""
        self._bootstrap = bootstrap
        self._limits = limits or EmitterLimits()
        self._topic_of = topic_of
        self._buffer = Buffer(self._limits.buffer_bytes)
        try:
            self._producer = KafkaProducer(**_config(bootstrap, client_id, self._limits))
        except (KafkaError, OSError, ValueError) as error:
            raise KafkaAway(f"Kafka at {bootstrap} does not answer ({_words(error)}): {_ADVICE}.") from error

    def emit(self, channel: str, touch: Mapping[str, object]) -> str:
        """Takes a touch for a channel and returns its event id: its own, or a fresh one if it has none.

        Sends in the background, those of one person in order. Blocks while the buffer is full. Raises `KafkaAway`, also
        for earlier touches that failed since the last error; `TopicMissing`; `TouchTooLarge` for this one; and
        `ValueError` for what JSON cannot say (NaN, objects of other types). When it raises, this touch was not taken.
        """
        self._tell()
        given = touch.get("event_id")
        event_id = uuid4().hex if given is None or given == "" else str(given)  # 0 is an id
        value = encode({**touch, "event_id": event_id})
        if len(value) > self._limits.touch_bytes:
            raise TouchTooLarge(
                f"a touch for {channel} has {len(value)} bytes, over the limit of {self._limits.touch_bytes} "
                f"(event id {event_id})."
            )
        size = len(value) + _OVERHEAD_BYTES
        if not self._buffer.reserve(size, self._limits.block_s):
            raise KafkaAway(
                f"Kafka at {self._bootstrap} has taken too little for {self._limits.block_s:g} s: "
                f"{self._buffer.counts().pending} touches wait and the buffer is full: {_ADVICE}."
            )
        try:
            future = self._producer.send(self._topic_of(channel), value=value, key=key_of(touch, event_id))
        except BaseException as error:
            self._buffer.release(size)
            raise self._refusal(channel, error) from error
        future.add_callback(lambda _: self._buffer.acknowledge(channel, size))
        future.add_errback(lambda error: self._buffer.fail(channel, size, _words(error)))
        return event_id

    def flush(self, timeout_s: float | None = None) -> None:
        """Returns when every touch taken so far is acknowledged. Raises `EmitError` naming how many are not, and why.

        Without a time it waits as long as a touch is tried (`delivery_s`) and a little more.
        """
        pending = self._buffer.wait_empty(self._limits.delivery_s + 5 if timeout_s is None else timeout_s)
        self._tell()
        if pending:
            raise KafkaAway(
                f"{pending} touches are not acknowledged by Kafka at {self._bootstrap} yet; they are still tried: "
                f"flush again, or see whether Kafka runs."
            )

    def counts(self) -> Counts:
        """The numbers so far."""
        return self._buffer.counts()

    def close(self, timeout_s: float | None = None) -> None:
        """Flushes and disconnects. Raises as `flush` does, after disconnecting."""
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
            # Kafka is in trouble and the caller knows: no second wait, no second error on top of it.
            self._abandon()
        else:
            self.close(None if error is None else _CLOSE_S)

    def _abandon(self) -> None:
        """Disconnects at once; what is under way fails and is counted so."""
        # The client's close (kafka-python 3.0.12) first waits for what is under way, and when that takes long it raises
        # and leaves its thread running: the thread has to be stopped before.
        self._producer._sender.force_close()
        self._producer.close(timeout=_CLOSE_S)

    def _tell(self) -> None:
        """Raises for touches that failed since it was last told."""
        failed, why = self._buffer.take_failures()
        if failed:
            raise KafkaAway(f"{failed} touches were not acknowledged by Kafka at {self._bootstrap} ({why}): {_ADVICE}.")

    def _refusal(self, channel: str, error: BaseException) -> BaseException:
        """The error to raise for what `send` raised."""
        topic = self._topic_of(channel)
        if isinstance(error, MessageSizeTooLargeError):
            return TouchTooLarge(f"a touch for {channel} is too large for Kafka: {_words(error)}.")
        if not isinstance(error, KafkaError):
            return error
        if isinstance(error, KafkaTimeoutError) and self._answers_without(topic):
            return TopicMissing(
                f"Kafka at {self._bootstrap} has no topic {topic!r}: create it, or give the address of the right Kafka."
            )
        return KafkaAway(f"Kafka at {self._bootstrap} does not answer ({_words(error)}): {_ADVICE}.")

    def _answers_without(self, topic: str) -> bool:
        """Whether Kafka answers and has no such topic. The producer itself only knows that it waited in vain."""
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
    "start it or give the right address, then send the same again; "
    "what has arrived is recognised by its event id and counts once"
)


def _words(error: BaseException) -> str:
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
