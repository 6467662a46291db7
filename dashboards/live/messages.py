"""Messages of `/v1/live`: server-sent events whose data is one of these dataclasses as JSON.

Texts that are not `Clear` are masked for viewers that must not see identifiers (dashboards.answers.clear). Every
message has the server's time as `server_ms`; all times are milliseconds since 1970. docs/guides/live.md describes the
events.
"""

from dataclasses import dataclass
from typing import Final

import msgspec

from dashboards.answers.clear import Clear

BIN_S: Final = 5  # length of a bin
Bin = tuple[int, dict[Clear, int]]
"""The start of a bin in seconds since 1970, and the touches of each channel in it."""


@dataclass(frozen=True, slots=True)
class LiveTouch:
    """A touch that was counted, or the newer revision of one, which has the same `id`.

    `profile` is the identifier that it counts for, '' for none, and `key` stands for it in addresses. `title` and
    `detail` are what the customer did, in words (dashboards.wording).
    """

    id: Clear
    profile: str
    key: Clear
    channel: Clear
    type: Clear
    title: str
    detail: str
    occurred_ms: int
    received_ms: int
    weight: float


@dataclass(frozen=True, slots=True)
class HotProfile:
    """A profile of the hot list. `score` is that of the message's `server_ms`; it halves in each half-life."""

    place: int
    profile: str
    key: Clear
    name: str
    score: float
    touches: int
    last_seen_ms: int
    last_source: str
    country: Clear
    device: Clear


@dataclass(frozen=True, slots=True)
class ProfileScore:
    """The score of a profile that changed, at the message's `server_ms`."""

    profile: str
    key: Clear
    score: float
    touches: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Event `counts`: the bins that changed, with their whole numbers. `active`: people seen in the last 5 minutes."""

    server_ms: int
    bins: list[Bin]
    active: int


@dataclass(frozen=True, slots=True)
class Touches:
    """Event `touches`: new touches, oldest first. `more` came besides these since the last such event."""

    server_ms: int
    touches: list[LiveTouch]
    more: int


@dataclass(frozen=True, slots=True)
class Scores:
    """Event `scores`: profiles whose score changed; of many, those with the highest scores."""

    server_ms: int
    profiles: list[ProfileScore]


@dataclass(frozen=True, slots=True)
class Hot:
    """Event `hot`: the whole hot list as it is now. `count`: profiles that are hot; None if they are too many."""

    server_ms: int
    rows: list[HotProfile]
    count: int | None


@dataclass(frozen=True, slots=True)
class Delay:
    """Times from the arrival of a touch in Kafka to its event here, in milliseconds, of the last 5 minutes."""

    p50: int
    p99: int


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Event `pipeline`: the state of the pipeline; at least every 5 seconds, so it also shows that the stream is alive.

    `kafka` and `clickhouse`: whether they answer, None if that is not known yet. `filling`: the last 15 minutes are
    still being read. `newest_ms`: arrival of the newest touch, None if there is none yet. `lag`: records that wait, by
    stage; {} while that is not known.
    """

    server_ms: int
    kafka: bool | None
    clickhouse: bool | None
    filling: bool
    newest_ms: int | None
    lag: dict[Clear, int]
    delay_ms: Delay | None


@dataclass(frozen=True, slots=True)
class Hello:
    """Event `hello`: the state at the beginning, or again if what was missed is not known any more.

    `bins` are those of the last 15 minutes that have touches, oldest first. `newest`: touches, oldest first. `hot` None
    means that the hot list has not been read yet. For a role without lists `newest` is empty and `hot` None.
    """

    server_ms: int
    bin_s: int
    half_life_ms: int
    bins: list[Bin]
    active: int
    newest: list[LiveTouch]
    hot: Hot | None
    pipeline: Pipeline


Message = Hello | Counts | Touches | Scores | Hot | Pipeline

_encode: Final = msgspec.json.Encoder().encode


def encode_event(message: Message, event_id: str) -> bytes:
    """Return a message as a server-sent event, named after its class."""
    name = type(message).__name__.lower()
    return b"id: %s\nevent: %s\ndata: %s\n\n" % (event_id.encode(), name.encode(), _encode(message))
