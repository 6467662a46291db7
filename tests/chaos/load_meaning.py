"""The meaning of a generated record: a touch, a ping, a refusal or a command."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.identity_messages import Claim, Unlink
from schemas.pings import Ping
from tests.journeys.crowd import Raw


@dataclass(frozen=True, slots=True)
class Facts:
    """A good touch. `columns` are the non-empty columns of `events` that the record alone determines."""

    tenant: str
    channel: str
    event_id: str  # '' means that the record has none
    natural: str  # what the id of a mail is derived from; '' means its place in Kafka
    ids: tuple[str, ...]  # namespace:value, normalised, strongest first
    stated_ms: int  # occurred_at as the sender states it
    sent_at_ms: int | None
    junk: bool
    bot: bool
    page: str
    source: str
    medium: str
    campaign: str
    traits: Mapping[str, str] = field(default_factory=dict)  # without country and device
    columns: Mapping[str, object] = field(default_factory=dict)
    revision: int | None = None  # None means that the record has none


@dataclass(frozen=True, slots=True)
class Refused:
    """A record for the quarantine: its reason, and a word that the detail must contain."""

    reason: str
    word: str


Meaning = Facts | Ping | Refused | Claim | Unlink


@dataclass(frozen=True, slots=True)
class Item:
    """A record to be sent, with its meaning."""

    raw: Raw
    meaning: Meaning
    noisy: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """A record with its place in Kafka. `topic` is the full name with the prefix, `timestamp_ms` its arrival."""

    item: Item
    topic: str
    partition: int
    offset: int
    timestamp_ms: int
