"""The short way from a raw record to its touch on `activity`, for records that are plainly good.

`streams.intake.decoder` is the definition: it reads any record and tells what is wrong with it. Here a record that
has the
shape of a good one becomes the very same bytes in a fraction of the time, or is left to `decode`: nothing is refused
here. `tests/streams/intake/test_fast_path.py` holds the two together.
"""

from datetime import datetime, timedelta
from math import floor
from typing import Final, NamedTuple

from msgspec import Raw

from schemas.activity import RECORD_MARK
from schemas.channels import CHANNELS
from schemas.fast_structs import DECODERS, FastMessage
from schemas.flags import Flag
from schemas.raw_touch import RawTouch, read_id, read_name
from schemas.row_format import array_header, encode_long, encode_value, texts_of
from schemas.row_layouts import EVENTS_LAYOUT
from schemas.timestamps import EARLIEST_MS, END_MS
from schemas.touch import Touch
from schemas.versions import CURRENT
from streams.enrichment.pipeline import read_traits
from streams.intake.channel_columns import ChannelColumns
from streams.intake.column_cache import (
    Columns,
    NotPlainError,
    People,
    encode_found,
    encode_raw,
    found_traits,
    known_tenant,
)
from streams.intake.decoder import Reading, derive_id
from streams.intake.event_time import EARLY_MS, settle
from streams.intake.json_reader import DEEPEST
from streams.rules.evaluator import Match

_EPOCH: Final = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_MS: Final = timedelta(milliseconds=1)
_NOTHING: Final = encode_raw({})
_FLAGS: Final = (
    *(Flag.CLOCK_CORRECTED, Flag.FUTURE, Flag.PAST, Flag.MACHINE_OPEN, Flag.MACHINE_CLICK),
    *(Flag.DERIVED_ID, Flag.JUNK_IDENTIFIER),
)
_BIT: Final[dict[Flag | None, int]] = {flag: 1 << place for place, flag in enumerate(_FLAGS)} | {None: 0}
_DERIVED, _JUNK = _BIT[Flag.DERIVED_ID], _BIT[Flag.JUNK_IDENTIFIER]
_SETS: Final = tuple(encode_raw([flag for flag in _FLAGS if bits & _BIT[flag]]) for bits in range(1 << len(_FLAGS)))
_TAG: Final = Touch.__struct_config__.tag
_TOUCH: Final = Raw(RECORD_MARK + array_header(1 + len(Touch.__struct_fields__)) + encode_value(_TAG))
_from_iso: Final = datetime.fromisoformat


class Place(NamedTuple):
    """A partition of a raw topic."""

    prefix: str  # of `raw`
    columns: Raw  # schema_version, raw_topic, raw_partition


def place_of(topic: str, partition: int) -> Place:
    """Where the records of a batch lie."""
    return Place(f"{topic}/{partition}/", encode_raw(CURRENT, topic, partition))


class PlainPath:
    """Reads the plain records of one channel."""

    def __init__(self, channel: str, reading: Reading, people: People) -> None:
        self._channel = channel
        self._reading = reading
        self._model = CHANNELS[channel]
        self._decode = DECODERS[channel]
        self._columns = ChannelColumns(channel, reading.lookups)
        self._people = people
        self._version = encode_raw(reading.rules.version)
        self._kinds: dict[str, tuple[Raw, Match | None]] = {}

    def read(self, value: bytes | None, offset: int, received_at_ms: int, place: Place) -> tuple[bytes, bytes] | None:
        """(key, value) of the record on `activity`, or None: `decode` has to look at it."""
        if not value or len(value) > self._reading.largest_bytes:
            return None
        try:
            said = self._decode(value)
            if said.properties and value.count(b"{") + value.count(b"[") > DEEPEST:
                return None
            return self._become(said, offset, received_at_ms, place)
        except MemoryError:  # of the machine, not of the record
            raise
        except Exception:  # whatever it is, the contract has words for it
            return None

    def _become(self, said: FastMessage, offset: int, received_at_ms: int, place: Place) -> tuple[bytes, bytes]:
        """Row and touch name each column once, in the order of `schemas.columns` and `schemas.touch`: hence one long
        function."""
        if said.schema_version is not None and said.schema_version != CURRENT:
            raise NotPlainError("another version of the contract")
        tenant = "main" if said.tenant is None else said.tenant
        tenant_column = known_tenant(tenant)
        ids = tuple(said.ids.items()) if said.ids else ()
        identifiers, others, keys, key, junk, inland = self._people.read(
            tenant, said.customer_id, said.email, said.phone, said.anonymous_id, ids
        )
        columns, fields, country, device, bot, page, source, medium, campaign, machine = self._columns.read(
            said, inland
        )
        source_ms, occurred_ms, bits = read_times(said, received_at_ms, self._reading.retention_ms)
        raw = f"{place.prefix}{offset}"
        event_id, derived = read_event_id(said, raw, self._model)
        kind, match = self._kinds.get(said.type) or self._kind(said.type)
        properties = texts_of(said.properties) if said.properties else _NOTHING
        if match is None:
            own: Columns = {
                "channel": self._channel,
                "tenant": tenant,
                "event_id": event_id,
                "country": country,
                "lead_source": source,
                "properties": properties,
            }
            match = self._reading.rules.match(_Asked(own, said, fields))
        rule, weight, cap, cap_value = match
        head = [
            tenant_column,
            event_id,
            kind,
            occurred_ms,
            source_ms,
            received_at_ms,
            _SETS[bits | derived | _BIT[machine] | (_JUNK if junk else 0)],
            identifiers,
            others,
            said.source or "",
            place.columns,
            offset,
            *columns,
            properties,
            rule,
            cap,
            cap_value,
            self._version,
        ]
        touch = (
            _TOUCH,
            tenant_column,
            event_id,
            kind,
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
            _traits(said, country, device),
            raw,
            self._version,
            encode_long(head),
            EVENTS_LAYOUT,
        )
        return key or event_id.encode(), encode_long(touch)

    def _kind(self, type_: str) -> tuple[Raw, Match | None]:
        """(channel and type, what the rules say of all such touches, if they do)."""
        kind = encode_raw(self._channel, type_), self._reading.rules.certain(self._channel, type_)
        return self._kinds.setdefault(type_, kind)


class _Asked:
    """The columns of a touch, for rules: looked for when they are asked for."""

    __slots__ = ("_own", "_parts", "_said")

    def __init__(self, own: Columns, said: FastMessage, parts: tuple[Columns, ...]) -> None:
        self._own = own
        self._said = said
        self._parts = parts

    def get(self, name: str, /) -> object:
        if name in self._own:
            return self._own[name]
        value = getattr(self._said, name, None)
        return next((part[name] for part in self._parts if name in part), None) if value is None else value


def read_times(said: FastMessage, received_at_ms: int, retention_ms: int) -> tuple[int, int, int]:
    """(source's own time, event time, flags by bit)."""
    said_ms = _read_ms(said.occurred_at)
    if said.sent_at is None and received_at_ms - retention_ms <= said_ms <= received_at_ms + EARLY_MS:
        return said_ms, said_ms, 0
    sent_ms = None if said.sent_at is None else _read_ms(said.sent_at)
    times = settle(said_ms, sent_ms, received_at_ms, retention_ms)
    return times.source_at_ms, times.occurred_at_ms, sum(_BIT[flag] for flag in times.flags)


def _read_ms(said: str | float) -> int:
    """Epoch milliseconds of a time that `schemas.timestamps.parse_time` would take without a second look."""
    if isinstance(said, str):
        time = _from_iso(said)
        if time.tzinfo is None:
            raise NotPlainError("a time without its zone")
        ms = (time - _EPOCH) // _MS
    else:
        ms = said if isinstance(said, int) else floor(said)
    if EARLIEST_MS <= ms < END_MS:
        return ms
    raise NotPlainError("no time of a touch, or one of a clock that was reset")


def read_event_id(said: FastMessage, raw: str, model: type[RawTouch]) -> tuple[str, int]:
    """Return (id, its flag's bit). An id that the source did not give is the natural one, or the record's place."""
    event_id = read_id(said.event_id) if isinstance(said.event_id, int) else said.event_id
    if event_id:
        if event_id.isprintable():
            return event_id, 0
        raise NotPlainError("an id has control characters")
    if not model.NATURAL_ID_FIELD or not getattr(said, model.NATURAL_ID_FIELD):
        return raw, _DERIVED
    customer_id = None if said.customer_id is None else read_name(said.customer_id)
    return derive_id(model.derive_natural_id(said, _read_ms(said.occurred_at), customer_id)), _DERIVED


def _traits(said: FastMessage, country: str, device: str) -> object:
    if said.properties and "traits" in said.properties:
        return read_traits(said.properties) | found_traits(country, device)
    return encode_found(country, device)
