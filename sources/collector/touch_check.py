"""The check of a native touch by the contract, and its value for the raw topic.

A touch of the common form is checked by its struct and extended as bytes: the fields of its origin are written behind
its own, and of a name that occurs twice the last value counts. Its channel is cut out where it is the first or the last
member, as clients write it. All others are read as objects.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from typing import Final, NamedTuple, get_args, get_type_hints

import msgspec

from schemas.channels import CHANNELS
from schemas.fast_structs import DECODERS, FastMessage
from schemas.identifiers.phone_numbers import read_phone
from schemas.raw_touch import LONGEST_ID, NAMESPACE, Id, Name, RawTouch
from schemas.rejected import Reason
from schemas.timestamps import EARLIEST_MS, END_MS
from sources.collector.config import DEEPEST, TOUCH_BYTES
from sources.collector.event_ids import derived_id, hash_of
from sources.collector.keys.entry import KeyEntry
from sources.collector.keys.redaction import remove_keys
from sources.collector.origin import Origin, stamp
from sources.collector.services import ContractCheck
from sources.messages import encode_touch
from sources.payloads.json_limits import is_deeper

_EARLIEST_S: Final = EARLIEST_MS / 1_000
_END_S: Final = END_MS / 1_000
_EPOCH: Final = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_HOST: Final = r"[a-z0-9-]{1,60}(?:\.[a-z0-9-]{1,60}){0,3}"
_WORDS: Final = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_plain_url: Final = re.compile(rf"https?://{_HOST}(?::[0-9]{{1,4}})?(?:[/?#][!-~]*)?").fullmatch
_plain_email: Final = re.compile(rf"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@{_WORDS}(?:\.{_WORDS})*\.[a-z]{{2,20}}").fullmatch
_plain_namespace: Final = re.compile(NAMESPACE).fullmatch
_plain_id: Final = re.compile(r"[ -~]*").fullmatch
_OTHERWISE_READ: Final = frozenset({"email", "phone"})  # namespaces whose values have a form of their own
_plain_phone: Final = re.compile(r"\+[0-9 ()-]{5,30}").fullmatch  # is read alike in every region
_LONG_EMAIL: Final = 100  # characters from which on the contract's check decides
_LARGE_ID: Final = 10**15
_NO_ID: Final = (None, "")  # forms in which clients send no id; 0 is one
_decode: Final = msgspec.json.Decoder().decode
_from_iso: Final = datetime.fromisoformat


class KeyReason(StrEnum):
    """Reasons for a rejection besides those of the contract (`schemas.rejected.Reason`)."""

    NO_CHANNEL = "no_channel"
    UNKNOWN_CHANNEL = "unknown_channel"
    CHANNEL_NOT_ALLOWED = "channel_not_allowed"


class Checked(NamedTuple):
    """A touch that intake will accept: its channel and its value for the raw topic."""

    channel: str
    value: bytes


class Refused(NamedTuple):
    """A touch that is rejected. `channel` is '' if it has no known one."""

    channel: str
    reason: str
    detail: str


class TouchCheck:
    """Checks the touches of one request."""

    def __init__(self, contract: ContractCheck, entry: KeyEntry, origin: Origin, key: str, content: bytes) -> None:
        """`key`: the write key of the request. `content`: the body, from which ids are derived."""
        self._contract = contract
        self._entry = entry
        self._origin = origin
        self._key = key
        self._content = content
        self._hash = ""
        self._endings: dict[str, bytes] = {}

    def check(self, raw: bytes, channel: str | None, position: int, with_keys: bool) -> Checked | Refused:
        """Return a touch as it is sent on, or why it is rejected.

        `channel`: the request's, if it names one. `with_keys`: whether the touch may contain write keys, which are then
        removed.
        """
        if len(raw) > TOUCH_BYTES:
            return Refused(channel or "", Reason.TOO_LARGE, f"{len(raw)} bytes; the limit is {TOUCH_BYTES}")
        if not with_keys:
            own, rest = (channel, raw) if channel is not None else _cut_channel(raw)
            try:
                message = DECODERS[own](rest)
                if is_plain(message, own) and not is_deeper(rest, DEEPEST):
                    return Checked(own, rest[:-1] + self._ending(message, own, position))
            except (KeyError, ValueError, RecursionError, OverflowError):
                pass  # the reference check names the reason
        return self._check_object(raw, channel, position, with_keys)

    def _ending(self, message: FastMessage, channel: str, position: int) -> bytes:
        """Return the members of the origin, behind those of the touch, and the closing brace.

        Raises KeyError if the write key is not for the channel.
        """
        ending = self._endings.get(channel)
        if ending is None:
            if not self._entry.permits_channel(channel):
                raise KeyError(channel)
            ending = self._endings[channel] = self._origin.json_of(channel) + b"}"
        if message.event_id in _NO_ID:
            natural = CHANNELS[channel].NATURAL_ID_FIELD
            if not natural or getattr(message, natural) in _NO_ID:
                return b'%s,"event_id":"%s"}' % (ending[:-1], self._derive_id(position).encode())
        return ending

    def _check_object(self, raw: bytes, channel: str | None, position: int, with_keys: bool) -> Checked | Refused:
        """Return the touch by the contract's check, which reads every form that is allowed."""
        if is_deeper(raw, DEEPEST):
            return Refused(_known(channel), Reason.TOO_DEEP, f"nested deeper than {DEEPEST} levels")
        try:
            found = _decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            found = None
        if not isinstance(found, dict):
            return self._refuse_value(raw, channel)
        own = found.pop("channel", None)
        if own is not None and not isinstance(own, str):
            return Refused("", KeyReason.UNKNOWN_CHANNEL, "channel: the name of a channel is text")
        channel = own or channel
        if not channel:
            return Refused("", KeyReason.NO_CHANNEL, f"name its channel, as a field or as ?channel=: {_NAMES}")
        if refused := self._refuse_channel(channel):
            return refused
        stamped = stamp(found, channel, self._origin)
        if with_keys:
            cleaned = remove_keys(stamped, self._key)
            assert isinstance(cleaned, dict)  # remove_keys keeps the type
            stamped = cleaned
        if stamped.get("event_id") in _NO_ID:
            natural = CHANNELS[channel].NATURAL_ID_FIELD
            if not natural or stamped.get(natural) in _NO_ID:
                stamped["event_id"] = self._derive_id(position)
        try:
            value = encode_touch(stamped)
        except ValueError:  # a half of a surrogate pair, which only the decoder of objects lets pass
            return self._refuse_value(raw, channel)
        if rejected := self._contract(channel, value):
            return Refused(channel, rejected.reason.value, rejected.detail)
        return Checked(channel, value)

    def _refuse_value(self, raw: bytes, channel: str | None) -> Refused:
        """Return why a value that is no object of JSON is rejected."""
        known = _known(channel)
        rejected = self._contract(known or _ANY_CHANNEL, raw)
        if rejected is None:
            return Refused(known, Reason.NOT_JSON, "the touch cannot be read")
        return Refused(known, rejected.reason.value, rejected.detail)

    def _derive_id(self, position: int) -> str:
        if not self._hash:
            self._hash = hash_of(self._entry, self._content)
        return derived_id(self._hash, position)

    def _refuse_channel(self, channel: str) -> Refused | None:
        if channel not in CHANNELS:
            return Refused("", KeyReason.UNKNOWN_CHANNEL, f"no such channel; there are {_NAMES}")
        if not self._entry.permits_channel(channel):
            allowed = ", ".join(self._entry.channels)
            return Refused(channel, KeyReason.CHANNEL_NOT_ALLOWED, f"the write key is for {allowed}")
        return None


_NAMES: Final = ", ".join(CHANNELS)
_ANY_CHANNEL: Final = next(iter(CHANNELS))


def _known(channel: str | None) -> str:
    return channel if channel is not None and channel in CHANNELS else ""


_first_channel: Final = re.compile(rb'\{\s*"channel"\s*:\s*"([a-z]{1,20})"\s*,').match
_last_channel: Final = re.compile(rb',\s*"channel"\s*:\s*"([a-z]{1,20})"\s*\}\Z').search
_TAIL: Final = 60  # bytes in which the last member is looked for


def _cut_channel(raw: bytes) -> tuple[str, bytes]:
    """Return the channel that an object names in its first or last member, and the object without it.

    The first and the last member are at the top level, and neither pattern matches inside a text of valid JSON, where
    quotes are escaped. What is no valid JSON is none without the member either. ('', raw) if neither names a channel.
    """
    if found := _first_channel(raw):
        return found[1].decode(), b"{" + raw[found.end() :]
    if found := _last_channel(raw[-_TAIL:]):
        return found[1].decode(), raw[: -len(found[0])] + b"}"
    return "", raw


def is_plain(message: FastMessage, channel: str) -> bool:
    """Return whether a message that its struct accepted is accepted by intake, too, without a closer look."""
    if not _is_plain_time(message.occurred_at) or message.schema_version not in (None, 1):
        return False
    plain = _PLAIN[channel]
    for field in plain.required.get(message.type, ()):
        if not getattr(message, field):
            return False
    if plain.has_url and (url := message.url) and not _plain_url(url):  # type: ignore[attr-defined]
        return False
    for value in plain.read_ids(message):
        if value is not None and not (value.isprintable() if isinstance(value, str) else _is_small(value)):
            return False
    email, phone, ids = message.email, message.phone, message.ids
    if email is not None and not (len(email) <= _LONG_EMAIL and _plain_email(email)):
        return False
    if phone is not None and not (_plain_phone(phone) and isinstance(read_phone(phone, ""), str)):
        return False
    return not ids or all(map(_is_plain_id, ids.keys(), ids.values()))


def _is_plain_id(namespace: str, value: str | int) -> bool:
    if not _plain_namespace(namespace) or namespace in _OTHERWISE_READ:
        return False
    return _is_small(value) if isinstance(value, int) else len(value) <= LONGEST_ID and bool(_plain_id(value))


def _is_small(number: int) -> bool:
    return -_LARGE_ID < number < _LARGE_ID


_IDS: Final = {Id, Name}


def _id_fields(model: type[RawTouch]) -> tuple[str, ...]:
    """Return the fields of a channel that hold one id; `ids` is tested apart."""
    hints = get_type_hints(model, include_extras=True)
    fields = (name for name in model.model_fields if name != "ids")
    return tuple(name for name in fields if _IDS.intersection((hints[name], *get_args(hints[name]))))


class _Plain(NamedTuple):
    """What is tested of a channel's messages: `required` fields by type, and the values of the fields that hold ids."""

    required: Mapping[str, tuple[str, ...]]
    has_url: bool
    read_ids: Callable[[FastMessage], tuple[str | int | None, ...]]


def _plain_of(model: type[RawTouch]) -> _Plain:
    types = {one for types in model.REQUIRED_BY.values() for one in types}
    required = {one: tuple(name for name, by in model.REQUIRED_BY.items() if one in by) for one in types}
    return _Plain(required, "url" in model.model_fields, attrgetter(*_id_fields(model)))


_PLAIN: Final = {channel: _plain_of(model) for channel, model in CHANNELS.items()}


def _is_plain_time(value: str | float) -> bool:
    if isinstance(value, str):
        time = _from_iso(value)
        return time.tzinfo is not None and _EARLIEST <= time < _END
    return EARLIEST_MS <= value < END_MS


_EARLIEST: Final = datetime.fromtimestamp(_EARLIEST_S, _EPOCH.tzinfo)
_END: Final = datetime.fromtimestamp(_END_S, _EPOCH.tzinfo)
