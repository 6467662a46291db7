"""The peers' half of the contract of the raw topics: from the bytes of a message to a row, or to nothing.

One file for all three, so that each is given the same work. msgspec reads and checks types, lists and lengths in one
pass (on this job it takes a quarter of what pydantic takes); times, addresses, numbers and pages are looked at by hand.
Simpler than Touchline's intake on purpose, see README.md. It imports nothing of Touchline's
pipeline.
"""

from datetime import datetime
from functools import lru_cache
from re import compile as pattern
from typing import Annotated, Any, Final, Literal, NamedTuple

import msgspec
from msgspec import Meta, Struct

from tests.benchmarks.peers.row import encode_columns
from tests.benchmarks.peers.score import points

LARGEST_BYTES: Final = 256 * 1024
LONGEST_ID: Final = 200
_CACHED: Final = 50_000
_EPOCH: Final = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_EMAIL: Final = pattern(r"[^\s@\"(),:;<>\[\]\\]+@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.[a-z][a-z0-9-]*")
_NOT_DIALLED: Final = str.maketrans("", "", " ()-./\t\xa0")
_PHONE: Final = pattern(r"\+?[0-9]{6,15}")
_URL: Final = pattern(r"(?i:https?)://[^/@?#\s]+(?:[/?#]\S*)?")

Text = Annotated[str, Meta(max_length=8_000)]
Label = Annotated[str, Meta(max_length=LONGEST_ID)]
Id = Annotated[str, Meta(max_length=LONGEST_ID)] | int
Amount = Annotated[float, Meta(ge=0)]
Tenant = Annotated[str, Meta(pattern=r"^[a-z0-9_-]{1,64}$")]
Namespace = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
Direction = Literal["inbound", "outbound"]


class _Raw(Struct, gc=False, kw_only=True):
    """What every message has in common. A field that is null was left out."""

    occurred_at: str | int
    event_id: Id | None = None
    sent_at: str | int | None = None
    schema_version: Annotated[int, Meta(ge=1, le=1)] | None = None
    customer_id: Id | None = None
    email: Text | None = None
    phone: Text | None = None
    anonymous_id: Id | None = None
    ids: dict[Namespace, Id] | None = None
    tenant: Tenant | None = None
    source: Label | None = None
    properties: dict[str, Any] | None = None


class Visit(_Raw, gc=False, kw_only=True):
    """One message of `visits`."""

    type: Literal["page", "click", "form", "download", "search", "identify", "custom"]
    url: Text
    referrer: Text | None = None
    title: Text | None = None
    user_agent: Text | None = None
    ip: Label | None = None
    screen: Label | None = None
    engaged_ms: Amount | None = None


class Email(_Raw, gc=False, kw_only=True):
    """One message of `emails`."""

    type: Literal[
        "sent", "delivered", "opened", "clicked", "bounced", "unsubscribed", "complained", "received", "replied"
    ]
    direction: Direction
    message_id: Id | None = None
    subject: Text | None = None
    campaign: Label | None = None
    link_url: Text | None = None
    user_agent: Text | None = None
    ip: Label | None = None


class Call(_Raw, gc=False, kw_only=True):
    """One message of `calls`."""

    type: Literal["answered", "missed", "abandoned", "voicemail"]
    direction: Direction
    duration_s: Amount | None = None
    wait_s: Amount | None = None
    outcome: Label | None = None
    agent: Label | None = None
    queue: Label | None = None


READERS: Final[dict[str, msgspec.json.Decoder[Any]]] = {
    "visits": msgspec.json.Decoder(Visit),
    "emails": msgspec.json.Decoder(Email),
    "calls": msgspec.json.Decoder(Call),
}
CHANNELS: Final = tuple(READERS)


class Place(NamedTuple):
    """Where a message lies in Kafka, and when the broker got it (milliseconds since 1970)."""

    topic: str
    partition: int
    offset: int
    received_at_ms: int


class Touch(Struct, array_like=True, gc=False):
    """One valid message, as it may travel from one step to the next."""

    owner: str  # `tenant|namespace:value` of the customer; of nobody's touch its id
    event_id: str  # what a repetition is known by
    points: float  # what it adds to the customer's score
    row: bytes  # the columns of its row that do not depend on the customer's other touches


class _RefusedError(ValueError):
    """A message that cannot be a touch."""


def read_touch(channel: str, value: bytes | None, place: Place, key: bytes | None = None) -> Touch | None:
    """The touch in a message of a channel, or None if it is to be refused. With a `key` the customer is who has it,
    otherwise whom the strongest identifier names. Never raises for what a producer sent."""
    if not value or len(value) > LARGEST_BYTES:
        return None
    try:
        raw = READERS[channel].decode(value)
        return _touch(channel, raw, place, key)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, _RefusedError):
        return None


def _touch(channel: str, raw: Any, place: Place, key: bytes | None) -> Touch:
    at_ms = _read_time(raw.occurred_at)
    if raw.sent_at is not None:
        _read_time(raw.sent_at)
    tenant = raw.tenant or "main"
    customer_id, anonymous_id = _read_id(raw.customer_id), _read_id(raw.anonymous_id)
    email = _read_email(raw.email) if raw.email else ""
    phone = _read_phone(raw.phone) if raw.phone else ""
    strongest = key.decode() if key else _strongest(raw.ids, customer_id, email, phone, anonymous_id)
    customer = f"{tenant}|{strongest}" if strongest else ""
    event_id = _read_id(raw.event_id) or _derived_id(raw, place)
    common = (tenant, event_id, channel, raw.type, at_ms, place.received_at_ms, customer, customer_id, email, phone)
    own = _OWN[channel](raw)
    columns = (*common, anonymous_id, raw.source or "", *own, place.topic, place.partition, place.offset)
    return Touch(customer or event_id, event_id, points(f"{channel}.{raw.type}", at_ms), encode_columns(columns))


def _own_of_visit(raw: Visit) -> tuple[object, ...]:
    if not _URL.fullmatch(raw.url):
        raise _RefusedError
    told = (raw.url, raw.referrer or "", raw.title or "", raw.user_agent or "", raw.ip or "", raw.screen or "")
    return ("", *told, raw.engaged_ms or 0.0, "", "", "", "", 0.0, 0.0, "", "", "")


def _own_of_email(raw: Email) -> tuple[object, ...]:
    if raw.link_url is not None and not _URL.fullmatch(raw.link_url):
        raise _RefusedError
    seen = (raw.direction, "", "", "", raw.user_agent or "", raw.ip or "", "", 0.0)
    told = (_read_id(raw.message_id), raw.subject or "", raw.campaign or "", raw.link_url or "")
    return (*seen, *told, 0.0, 0.0, "", "", "")


def _own_of_call(raw: Call) -> tuple[object, ...]:
    told = (raw.duration_s or 0.0, raw.wait_s or 0.0, raw.outcome or "", raw.agent or "", raw.queue or "")
    return (raw.direction, "", "", "", "", "", "", 0.0, "", "", "", "", *told)


_OWN: Final[dict[str, Any]] = {"visits": _own_of_visit, "emails": _own_of_email, "calls": _own_of_call}


def _read_time(said: str | int) -> int:
    """UTC milliseconds of ISO 8601 text with a zone, or of whole milliseconds."""
    if isinstance(said, int):
        return said
    try:
        since = datetime.fromisoformat(said) - _EPOCH
    except (ValueError, TypeError):  # no time, or one without a zone
        raise _RefusedError from None
    return (since.days * 86_400 + since.seconds) * 1_000 + since.microseconds // 1_000


def _read_id(said: str | int | None) -> str:
    if said is None:
        return ""
    text = said if isinstance(said, str) else str(said)
    if len(text) > LONGEST_ID or not text.isprintable():
        raise _RefusedError
    return text


@lru_cache(_CACHED)
def _read_email(said: str) -> str:
    clean = said.strip().lower()
    if len(clean) > LONGEST_ID or not _EMAIL.fullmatch(clean):
        raise _RefusedError
    return clean


@lru_cache(_CACHED)
def _read_phone(said: str) -> str:
    clean = said.translate(_NOT_DIALLED)
    if not _PHONE.fullmatch(clean):
        raise _RefusedError
    return clean


def _strongest(ids: dict[str, str | int] | None, customer_id: str, email: str, phone: str, anonymous_id: str) -> str:
    """`namespace:value` of the strongest identifier, in Touchline's order; '' without any."""
    if ids and (master_id := ids.get("master_id")):
        return f"master_id:{master_id}"
    if customer_id:
        return f"customer_id:{customer_id}"
    if ids and (crm := ids.get("crm")):
        return f"crm:{crm}"
    if email:
        return f"email:{email}"
    if phone:
        return f"phone:{phone}"
    return f"anonymous_id:{anonymous_id}" if anonymous_id else ""


def _derived_id(raw: Any, place: Place) -> str:
    """A mail's own words, which a retry repeats; of anything else its place, which a replay repeats."""
    if isinstance(raw, Email) and raw.message_id:
        parts = (raw.type, raw.message_id, raw.occurred_at, raw.email or raw.customer_id, raw.link_url)
        return "\x1f".join("" if part is None else str(part) for part in parts)
    return f"{place.topic}/{place.partition}/{place.offset}"
