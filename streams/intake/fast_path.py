"""The fast path from a raw record to its touch on `activity`, for messages of the common form.

`streams.intake.decoder` is the reference: it reads every record and refuses invalid ones. Here a message of the common
form becomes the same bytes in a fraction of the time, and every other record is left to `decode`. Nothing is refused
here. `tests/streams/intake/test_fast_path.py` compares both paths byte for byte.
"""

from datetime import datetime, timedelta
from struct import Struct as Layout
from typing import Any, Final, NamedTuple

from msgspec import Raw

from schemas.activity import RECORD_MARK, encode_record
from schemas.channels import CHANNELS
from schemas.columns import EVENT_HEAD
from schemas.fast_structs import DECODERS, FastMessage
from schemas.flags import Flag
from schemas.msgpack_values import array_header, encode_long, encode_value
from schemas.pings import Ping, limit_engaged
from schemas.property_values import numbers_of, texts_of
from schemas.raw_touch import RawTouch, read_id, read_name
from schemas.row_binary import EMPTY, encode_text, encode_text_map, encode_texts, encode_values, encoder_of
from schemas.row_layouts import EVENTS_LAYOUT
from schemas.touch import Touch
from schemas.versions import CURRENT
from streams.enrichment.pipeline import read_traits
from streams.intake.channel_columns import ChannelColumns, read_ms
from streams.intake.column_cache import (
    Columns,
    IdentifierReader,
    NeedsReferencePathError,
    encode_found,
    encode_origin,
    encode_raw,
    found_traits,
    known_tenant,
)
from streams.intake.decoder import IntakeConfig, derive_id
from streams.intake.event_time import EARLY_MS, correct_event_time
from streams.intake.json_reader import DEEPEST
from streams.rules.evaluator import Match

_EPOCH: Final = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_MS: Final = timedelta(milliseconds=1)
_NOTHING: Final[dict[str, Any]] = {}
_FLAGS: Final = (
    *(Flag.CLOCK_CORRECTED, Flag.FUTURE, Flag.PAST, Flag.MACHINE_OPEN, Flag.MACHINE_CLICK),
    *(Flag.DERIVED_ID, Flag.JUNK_IDENTIFIER),
)
_BIT: Final[dict[Flag | None, int]] = {flag: 1 << place for place, flag in enumerate(_FLAGS)} | {None: 0}
_DERIVED, _JUNK = _BIT[Flag.DERIVED_ID], _BIT[Flag.JUNK_IDENTIFIER]
_SETS: Final = tuple(encode_texts([flag for flag in _FLAGS if bits & _BIT[flag]]) for bits in range(1 << len(_FLAGS)))
_TAG: Final = Touch.__struct_config__.tag
_TOUCH: Final = Raw(RECORD_MARK + array_header(1 + len(Touch.__struct_fields__)) + encode_value(_TAG))
_from_iso: Final = datetime.fromisoformat
_PLACE: Final = [column for column in EVENT_HEAD if column.name in ("schema_version", "raw_topic", "raw_partition")]
_OUTCOME: Final = [column for column in EVENT_HEAD if column.name in ("rule", "cap", "cap_value")]
_TYPES: Final = {column.name: column.type for column in EVENT_HEAD}
_encode_numbers: Final = encoder_of(_TYPES["numbers"])
_pack_times: Final = Layout("<qqq").pack
_pack_record: Final = Layout("<QQ").pack  # raw_offset, revision


class Place(NamedTuple):
    """A partition of a raw topic."""

    prefix: str  # of `raw`
    columns: bytes  # schema_version, raw_topic, raw_partition


def place_of(topic: str, partition: int) -> Place:
    """Return the place of a batch's records."""
    return Place(f"{topic}/{partition}/", encode_values(_PLACE, (CURRENT, topic, partition)))


class FastPath:
    """The fast path of one channel."""

    def __init__(self, channel: str, config: IntakeConfig, identifiers: IdentifierReader) -> None:
        self._channel = channel
        self._config = config
        self._model = CHANNELS[channel]
        self._decode = DECODERS[channel]
        self._columns = ChannelColumns(channel, config.lookups)
        self._identifiers = identifiers
        self._version = encode_raw(config.rules.version)
        self._version_column = encode_text(config.rules.version)
        self._pings = self._model.PINGS
        self._has_objects = any(column.type.startswith("Map(") for column in self._model.COLUMNS)
        self._kinds: dict[str, _Kind] = {}

    def read(self, value: bytes | None, offset: int, received_at_ms: int, place: Place) -> tuple[bytes, bytes] | None:
        """Return (key, value) of the record on `activity`, or None if it needs the reference path."""
        if not value or len(value) > self._config.largest_bytes:
            return None
        try:
            message = self._decode(value)
            if (message.properties or self._has_objects) and value.count(b"{") + value.count(b"[") > DEEPEST:
                return None
            return self._convert(message, offset, received_at_ms, place)
        except MemoryError:  # caused by the machine, not by the record
            raise
        except Exception:  # the reference path names the reason
            return None

    def _convert(self, message: FastMessage, offset: int, received_at_ms: int, place: Place) -> tuple[bytes, bytes]:
        """Return (key, value) of a message.

        The function is long because row and touch list each value once, in the order of `schemas.columns` and
        `schemas.touch`.
        """
        if message.schema_version is not None and message.schema_version != CURRENT:
            raise NeedsReferencePathError("the message follows another version of the contract")
        tenant = "main" if message.tenant is None else message.tenant
        tenant_column, tenant_field = known_tenant(tenant)
        ids = tuple(message.ids.items()) if message.ids else ()
        identifiers, keys, key, junk, country_by_phone = self._identifiers.read(
            tenant, message.customer_id, message.email, message.phone, message.anonymous_id, ids
        )
        columns, fields, country, device, bot, page, source, medium, campaign, machine = self._columns.read(
            message, country_by_phone
        )
        source_ms, occurred_ms, bits = read_times(message, received_at_ms, self._config.retention_ms)
        raw = f"{place.prefix}{offset}"
        event_id, derived = read_event_id(message, raw, self._model)
        if message.type in self._pings:
            fast: Any = message
            ping = Ping(keys[0] if keys else "", tenant, self._channel, fast.page_id, limit_engaged(fast.engaged_ms))
            return ping.key, encode_record(ping)
        kind = self._kinds.get(message.type) or self._kind(message.type)
        properties = texts_of(message.properties) if message.properties else _NOTHING
        numbers = numbers_of(message.properties) if message.properties else _NOTHING
        if derived and message.event_id not in (None, ""):
            properties = texts_of(message.properties or {})
            properties.setdefault("event_id", str(message.event_id))
        match, outcome = kind.match, kind.outcome
        if match is None:
            own: Columns = {
                "channel": self._channel,
                "tenant": tenant,
                "event_id": event_id,
                "country": country,
                "lead_source": source,
                "properties": properties,
            }
            match = self._config.rules.match(_RuleFields(own, message, fields))
            outcome = encode_values(_OUTCOME, (match.rule, match.cap, match.cap_value))
        rule, weight, cap, cap_value = match
        head = b"".join(
            (
                tenant_column,
                encode_text(event_id),
                kind.columns,
                _pack_times(occurred_ms, source_ms, received_at_ms),
                _SETS[bits | derived | _BIT[machine] | (_JUNK if junk else 0)],
                identifiers,
                encode_origin(message.source, message.library, message.library_version),
                place.columns,
                _pack_record(offset, message.revision or 0),
                columns,
                encode_text_map(properties),
                _encode_numbers(numbers) if numbers else EMPTY,
                outcome,
                self._version_column,
            )
        )
        touch = (
            _TOUCH,
            tenant_field,
            event_id,
            kind.fields,
            source_ms,
            occurred_ms,
            received_at_ms,
            keys,
            bot,
            rule,
            0.0 if bot else weight,
            cap,
            cap_value,
            page,
            source,
            medium,
            campaign,
            _traits(message, country, device),
            raw,
            self._version,
            head,
            EVENTS_LAYOUT,
            message.revision,
        )
        return key or event_id.encode(), encode_long(touch)

    def _kind(self, type_: str) -> "_Kind":
        match = self._config.rules.certain(self._channel, type_)
        outcome = encode_values(_OUTCOME, (match.rule, match.cap, match.cap_value)) if match else b""
        columns = encode_text(self._channel) + encode_text(type_)
        fields = Raw(encode_value(self._channel) + encode_value(type_))
        return self._kinds.setdefault(type_, _Kind(columns, fields, match, outcome))


class _Kind(NamedTuple):
    """A type of touch: channel and type as the row and as the record on `activity` have them.

    `match` is that of all touches of the type, and `outcome` its columns `rule` to `cap_value`; None if it depends on
    other fields.
    """

    columns: bytes
    fields: Raw
    match: Match | None
    outcome: bytes


class _RuleFields:
    """The columns of a touch for rules, each looked up when a rule tests it."""

    __slots__ = ("_message", "_own", "_parts")

    def __init__(self, own: Columns, message: FastMessage, parts: tuple[Columns, ...]) -> None:
        self._own = own
        self._message = message
        self._parts = parts

    def get(self, name: str, /) -> object:
        if name in self._own:
            return self._own[name]
        value = getattr(self._message, name, None)
        return next((part[name] for part in self._parts if name in part), None) if value is None else value


def read_times(message: FastMessage, received_at_ms: int, retention_ms: int) -> tuple[int, int, int]:
    """Return (the source's own time, event time, flags as bits)."""
    source_ms = read_ms(message.occurred_at)
    sent_at = message.sent_at
    if sent_at is None and received_at_ms - retention_ms <= source_ms <= received_at_ms + EARLY_MS:
        return source_ms, source_ms, 0
    sent_ms = None if sent_at is None else read_ms(sent_at)
    if message.revision is not None:
        sent_ms = None
    times = correct_event_time(source_ms, sent_ms, received_at_ms, retention_ms)
    return times.source_at_ms, times.occurred_at_ms, sum(_BIT[flag] for flag in times.flags)


def read_event_id(message: FastMessage, raw: str, model: type[RawTouch]) -> tuple[str, int]:
    """Return (id, its flag's bit): the source's, the natural one or the record's place, as the decoder chooses."""
    event_id = read_id(message.event_id) if isinstance(message.event_id, int) else message.event_id
    if event_id and not event_id.isprintable():
        raise NeedsReferencePathError("an id has control characters")
    if event_id and not model.COUNTS_BY_NATURAL_ID:
        return event_id, 0
    if not model.NATURAL_ID_FIELD or not getattr(message, model.NATURAL_ID_FIELD):
        return (event_id, 0) if event_id else (raw, _DERIVED)
    customer_id = None if message.customer_id is None else read_name(message.customer_id)
    return derive_id(model.derive_natural_id(message, read_ms(message.occurred_at), customer_id)), _DERIVED


def _traits(message: FastMessage, country: str, device: str) -> object:
    if message.properties and "traits" in message.properties:
        return read_traits(message.properties) | found_traits(country, device)
    return encode_found(country, device)
