"""The contract of the raw topics for the peers: from the bytes of a message to a row, or to a refusal.

One file for all peers in Python, so that each does the same work. msgspec reads and checks types, lists and lengths in
one pass (in a quarter of the time of pydantic); times, addresses, numbers and pages are checked by hand. It is simpler
than Touchline's intake on purpose (README.md) and imports nothing of Touchline's pipeline.
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
    """The common fields of all messages. A null field is treated as missing."""

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


MODELS: Final[dict[str, type[_Raw]]] = {"visits": Visit, "emails": Email, "calls": Call}
READERS: Final[dict[str, msgspec.json.Decoder[Any]]] = {
    channel: msgspec.json.Decoder(model) for channel, model in MODELS.items()
}
CHANNELS: Final = tuple(MODELS)


class Place(NamedTuple):
    """The place of a message in Kafka and its arrival time at the broker (epoch ms)."""

    topic: str
    partition: int
    offset: int
    received_at_ms: int


class Touch(Struct, array_like=True, gc=False):
    """One valid message, as steps pass it on."""

    owner: str  # `tenant|namespace:value` of the customer; the event id without one
    event_id: str  # the key that identifies repeats
    points: float  # the addition to the customer's score
    row: bytes  # the columns of its row that do not depend on other touches of the customer


class _RefusedError(ValueError):
    """An invalid message."""


def read_touch(channel: str, value: bytes | None, place: Place, key: bytes | None = None) -> Touch | None:
    """Return the touch in a message of a channel; None means refused. `key`, if given, identifies the customer,
    otherwise the strongest identifier does. Never raises for the content of a message."""
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
    own_columns = (raw.url, raw.referrer or "", raw.title or "", raw.user_agent or "", raw.ip or "", raw.screen or "")
    return ("", *own_columns, raw.engaged_ms or 0.0, "", "", "", "", 0.0, 0.0, "", "", "")


def _own_of_email(raw: Email) -> tuple[object, ...]:
    if raw.link_url is not None and not _URL.fullmatch(raw.link_url):
        raise _RefusedError
    seen = (raw.direction, "", "", "", raw.user_agent or "", raw.ip or "", "", 0.0)
    own_columns = (_read_id(raw.message_id), raw.subject or "", raw.campaign or "", raw.link_url or "")
    return (*seen, *own_columns, 0.0, 0.0, "", "", "")


def _own_of_call(raw: Call) -> tuple[object, ...]:
    own_columns = (raw.duration_s or 0.0, raw.wait_s or 0.0, raw.outcome or "", raw.agent or "", raw.queue or "")
    return (raw.direction, "", "", "", "", "", "", 0.0, "", "", "", "", *own_columns)


_OWN: Final[dict[str, Any]] = {"visits": _own_of_visit, "emails": _own_of_email, "calls": _own_of_call}


def _read_time(value: str | int) -> int:
    """Return epoch ms from ISO 8601 text with a zone, or from whole epoch ms."""
    if isinstance(value, int):
        return value
    try:
        since = datetime.fromisoformat(value) - _EPOCH
    except (ValueError, TypeError):  # not a time, or a time without a zone
        raise _RefusedError from None
    return (since.days * 86_400 + since.seconds) * 1_000 + since.microseconds // 1_000


def _read_id(value: str | int | None) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else str(value)
    if len(text) > LONGEST_ID or not text.isprintable():
        raise _RefusedError
    return text


@lru_cache(_CACHED)
def _read_email(value: str) -> str:
    clean = value.strip().lower()
    if len(clean) > LONGEST_ID or not _EMAIL.fullmatch(clean):
        raise _RefusedError
    return clean


@lru_cache(_CACHED)
def _read_phone(value: str) -> str:
    clean = value.translate(_NOT_DIALLED)
    if not _PHONE.fullmatch(clean):
        raise _RefusedError
    return clean


def _strongest(ids: dict[str, str | int] | None, customer_id: str, email: str, phone: str, anonymous_id: str) -> str:
    """Return `namespace:value` of the strongest identifier, in Touchline's order; '' means none."""
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
    """Return an id from the fields of a mail, which a retry repeats, or else from the place, which a replay repeats."""
    if isinstance(raw, Email) and raw.message_id:
        parts = (raw.type, raw.message_id, raw.occurred_at, raw.email or raw.customer_id, raw.link_url)
        return "\x1f".join("" if part is None else str(part) for part in parts)
    return f"{place.topic}/{place.partition}/{place.offset}"
