"""Sends raw touches to Kafka: for importers, and for other people's code.

    with Emitter("127.0.0.1:9092") as emitter:
        emitter.emit("calls", {"type": "missed", "occurred_at": "2024-03-01T10:00:00Z", "phone": "+49 30 901820"})

Nothing is lost in silence: every touch is acknowledged by all in-sync replicas, or an error says how many were not. A
touch that was sent twice because an acknowledgement got lost has one event id, and counts once.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import Final, Self
from uuid import uuid4

from kafka import KafkaProducer
from kafka.errors import KafkaError, KafkaTimeoutError, MessageSizeTooLargeError

from sources.messages import encode, key_of

_OVERHEAD_BYTES: Final = 300  # what the client keeps per record beside its bytes, roughly


class EmitError(Exception):
    """Touches that did not reach Kafka; one sentence with how many, why, and what to do."""


class KafkaAway(EmitError):  # noqa: N818
    """Kafka does not answer, or no longer."""


class TopicMissing(EmitError):  # noqa: N818
    """Kafka answers and has no such topic."""


class TouchTooLarge(EmitError):  # noqa: N818
    """This one touch is over the limit; it was not taken, others are not concerned."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many touches were acknowledged and how many failed, by channel; `pending` are on their way."""

    emitted: Mapping[str, int]
    failed: Mapping[str, int]
    pending: int


@dataclass(frozen=True, slots=True)
class EmitterLimits:
    """How much is kept and how long is waited.

    `buffer_bytes`: unacknowledged touches kept in memory; a full buffer makes `emit` wait, for `block_s` at most.
    `connect_s`: the first connection, and a topic nothing was sent to yet. `delivery_s`: how long one touch is tried.
    `linger_ms`: how long a batch waits to fill. `touch_bytes`: the largest touch, encoded.
    """

    buffer_bytes: int = 32 * 1024 * 1024
    block_s: float = 30.0
    connect_s: float = 10.0
    delivery_s: float = 30.0
    linger_ms: int = 20
    batch_bytes: int = 256 * 1024
    touch_bytes: int = 256 * 1000


@dataclass(slots=True)
class _State:
    """What the sending thread and the callers share, under one lock."""

    changed: threading.Condition = field(default_factory=threading.Condition)
    pending: int = 0
    pending_bytes: int = 0
    emitted: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    untold: int = 0  # failures that no error has named yet
    reason: str = ""


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
        self._state = _State()
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
        event_id = str(touch.get("event_id") or uuid4().hex)
        value = encode({**touch, "event_id": event_id})
        if len(value) > self._limits.touch_bytes:
            raise TouchTooLarge(
                f"a touch for {channel} has {len(value)} bytes, over the limit of {self._limits.touch_bytes} "
                f"(event id {event_id})."
            )
        size = len(value) + _OVERHEAD_BYTES
        self._reserve(size)
        try:
            future = self._producer.send(self._topic_of(channel), value=value, key=key_of(touch, event_id))
        except BaseException as error:
            self._release(size)
            raise self._refusal(channel, error) from error
        future.add_callback(partial(self._acknowledged, channel, size))
        future.add_errback(partial(self._failed, channel, size))
        return event_id

    def flush(self, timeout_s: float | None = None) -> None:
        """Returns when every touch taken so far is acknowledged. Raises `EmitError` naming how many are not, and why.

        Without a time it waits as long as a touch is tried (`delivery_s`) and a little more.
        """
        deadline_s = time.monotonic() + (self._limits.delivery_s + 5 if timeout_s is None else timeout_s)
        with self._state.changed:
            while self._state.pending and (left_s := deadline_s - time.monotonic()) > 0:
                self._state.changed.wait(left_s)
            pending = self._state.pending
        self._tell()
        if pending:
            raise KafkaAway(
                f"{pending} touches are not acknowledged by Kafka at {self._bootstrap} yet; they are still tried: "
                f"flush again, or see whether Kafka runs."
            )

    def counts(self) -> Counts:
        """The numbers so far."""
        with self._state.changed:
            return Counts(dict(self._state.emitted), dict(self._state.failed), self._state.pending)

    def close(self, timeout_s: float | None = None) -> None:
        """Flushes and disconnects. Raises as `flush` does, after disconnecting."""
        try:
            self.flush(timeout_s)
        finally:
            self._producer.close(timeout=0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is None or not isinstance(error, EmitError):
            self.close()
        else:
            # Kafka is in trouble and the caller knows: no second wait, no second error on top of it.
            self._producer.close(timeout=0)

    def _reserve(self, size: int) -> None:
        state, limits = self._state, self._limits
        deadline_s = time.monotonic() + limits.block_s
        with state.changed:
            while state.pending and state.pending_bytes + size > limits.buffer_bytes:
                left_s = deadline_s - time.monotonic()
                if left_s <= 0:
                    raise KafkaAway(
                        f"Kafka at {self._bootstrap} has taken too little for {limits.block_s:g} s: {state.pending} "
                        f"touches wait and the buffer is full: {_ADVICE}."
                    )
                state.changed.wait(left_s)
            state.pending += 1
            state.pending_bytes += size

    def _release(self, size: int) -> None:
        with self._state.changed:
            self._state.pending -= 1
            self._state.pending_bytes -= size
            self._state.changed.notify_all()

    def _acknowledged(self, channel: str, size: int, _: object) -> None:
        self._state.emitted[channel] += 1  # only the sending thread writes these
        self._release(size)

    def _failed(self, channel: str, size: int, error: BaseException) -> None:
        with self._state.changed:
            self._state.failed[channel] += 1
            self._state.untold += 1
            self._state.reason = _words(error)
        self._release(size)

    def _tell(self) -> None:
        """Raises for touches that failed since it was last told."""
        if not self._state.untold:
            return
        with self._state.changed:
            failed, reason = self._state.untold, self._state.reason
            self._state.untold = 0
        raise KafkaAway(f"{failed} touches were not acknowledged by Kafka at {self._bootstrap} ({reason}): {_ADVICE}.")

    def _refusal(self, channel: str, error: BaseException) -> BaseException:
        """The error to raise for what `send` raised."""
        topic = self._topic_of(channel)
        if isinstance(error, MessageSizeTooLargeError):
            return TouchTooLarge(f"a touch for {channel} is too large for Kafka: {_words(error)}.")
        if not isinstance(error, KafkaError):
            return error
        if isinstance(error, KafkaTimeoutError) and self._producer.bootstrap_connected():
            return TopicMissing(
                f"Kafka at {self._bootstrap} has no topic {topic!r}: create it, or give the address of the right Kafka."
            )
        return KafkaAway(f"Kafka at {self._bootstrap} does not answer ({_words(error)}): {_ADVICE}.")


_ADVICE: Final = (
    "start it or give the right address, then send the same again; "
    "what has arrived is recognised by its event id and counts once"
)


def _words(error: BaseException) -> str:
    return (str(error) or type(error).__name__).removeprefix(f"{type(error).__name__}: ").strip().rstrip(".")


def _config(bootstrap: str, client_id: str, limits: EmitterLimits) -> dict[str, object]:
    request_ms = int(limits.delivery_s * 1000) - limits.linger_ms
    return {
        "bootstrap_servers": [server.strip() for server in bootstrap.split(",")],
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
