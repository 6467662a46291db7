"""What a generated record means, as its maker meant it: a touch, a refusal or a command."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.identity_messages import Claim, Unlink
from tests.journeys.crowd import Raw


@dataclass(frozen=True, slots=True)
class Facts:
    """A good touch. `columns` are those of `events` that the record alone decides, but for the empty ones."""

    tenant: str
    channel: str
    event_id: str  # '': it comes without one
    natural: str  # what a mail's id is derived of; '': nothing, so of its place
    ids: tuple[str, ...]  # namespace:value, normalised, strongest first
    said_ms: int  # occurred_at as it was said
    sent_at_ms: int | None
    junk: bool
    bot: bool
    page: str
    source: str
    medium: str
    campaign: str
    traits: Mapping[str, str] = field(default_factory=dict)  # country and device not among them
    columns: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refused:
    """A record for the quarantine: its reason, and a word that the detail must have in it."""

    reason: str
    word: str


Meaning = Facts | Refused | Claim | Unlink


@dataclass(frozen=True, slots=True)
class Item:
    """A record to be sent, with its meaning."""

    raw: Raw
    meaning: Meaning
    noisy: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """A record as it lies in Kafka. `topic` is its full name, prefix included."""

    item: Item
    topic: str
    partition: int
    offset: int
    timestamp_ms: int
