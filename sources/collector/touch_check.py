"""The check of a native touch by the contract, and its value for the raw topic.

A touch of the common form, without fields of its own that the key determines, is checked by its struct and extended as
bytes: the fields of its origin are written behind its own, and of a name that occurs twice the last value counts. All
others are read as objects.
"""

import re
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from typing import Final, NamedTuple, get_args, get_type_hints

import msgspec

from schemas.channels import CHANNELS
from schemas.fast_structs import DECODERS, FastMessage
from schemas.raw_touch import Id, Name, RawTouch
from schemas.rejected import Reason
from schemas.timestamps import EARLIEST_MS, END_MS
from sources.collector.config import DEEPEST, TOUCH_BYTES
from sources.collector.event_ids import derived_id, hash_of
from sources.collector.json_limits import is_deeper
from sources.collector.keys.entry import KeyEntry
from sources.collector.keys.redaction import remove_keys
from sources.collector.origin import Origin, stamp
from sources.collector.services import ContractCheck
from sources.messages import encode_touch

_EARLIEST_S: Final = EARLIEST_MS / 1_000
_END_S: Final = END_MS / 1_000
_EPOCH: Final = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_HOST: Final = r"[a-z0-9-]{1,60}(?:\.[a-z0-9-]{1,60}){0,3}"
_WORDS: Final = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_plain_url: Final = re.compile(rf"https?://{_HOST}(?::[0-9]{{1,4}})?(?:[/?#][!-~]*)?").fullmatch
_plain_email: Final = re.compile(rf"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@{_WORDS}(?:\.{_WORDS})*\.[a-z]{{2,20}}").fullmatch
_LONG_EMAIL: Final = 100  # characters from which on the contract's check decides
_LARGE_ID: Final = 10**15
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

    def __init__(
        self, contract: ContractCheck, entry: KeyEntry, origin: Origin, key: str, content: bytes, with_keys: bool
    ) -> None:
        """`content`: the body, from which ids are derived. `with_keys`: whether it may contain write keys, which are
        then removed.
        """
        self._contract = contract
        self._entry = entry
        self._origin = origin
        self._key = key
        self._content = content
        self._hash = ""
        self._with_keys = with_keys

    def check(self, raw: bytes, channel: str | None, position: int) -> Checked | Refused:
        """Return a touch as it is sent on, or why it is rejected. `channel`: the request's, if it names one."""
        if len(raw) > TOUCH_BYTES:
            return Refused(channel or "", Reason.TOO_LARGE, f"{len(raw)} bytes; the limit is {TOUCH_BYTES}")
        if channel is not None and not self._with_keys:
            try:
                message = DECODERS[channel](raw)
                own = message.tenant is None and message.source is None
                if own and is_plain(message, channel) and not is_deeper(raw, DEEPEST):
                    return self._extend(raw, message, channel, position)
            except (KeyError, ValueError, RecursionError, OverflowError):
                pass  # the reference check names the reason
        return self._check_object(raw, channel, position)

    def _extend(self, raw: bytes, message: FastMessage, channel: str, position: int) -> Checked | Refused:
        """Return the touch with the members of its origin behind its own."""
        if refused := self._refuse_channel(channel):
            return refused
        members = self._origin.json_of(channel)
        if message.event_id is None or message.event_id == "":
            natural = CHANNELS[channel].NATURAL_ID_FIELD
            if not natural or not getattr(message, natural):
                members += b',"event_id":"%s"' % self._derive_id(position).encode()
        return Checked(channel, raw[:-1] + members + b"}")

    def _check_object(self, raw: bytes, channel: str | None, position: int) -> Checked | Refused:
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
        if self._with_keys:
            cleaned = remove_keys(stamped, self._key)
            assert isinstance(cleaned, dict)  # remove_keys keeps the type
            stamped = cleaned
        if not stamped.get("event_id"):
            natural = CHANNELS[channel].NATURAL_ID_FIELD
            if not natural or not stamped.get(natural):
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


def is_plain(message: FastMessage, channel: str) -> bool:
    """Return whether a message that its struct accepted is accepted by intake, too, without a closer look."""
    if not _is_plain_time(message.occurred_at) or message.ids or message.schema_version not in (None, 1):
        return False
    for field, types in CHANNELS[channel].REQUIRED_BY.items():
        if message.type in types and not getattr(message, field):
            return False
    url = getattr(message, "url", None)
    if url and not _plain_url(url):
        return False
    for value in _read_ids[channel](message):
        if value and not (value.isprintable() if isinstance(value, str) else _is_small(value)):
            return False
    for one in (message.customer_id, message.anonymous_id):
        if one is not None and not (one.isprintable() if isinstance(one, str) else _is_small(one)):
            return False
    email = message.email
    return message.phone is None and (email is None or (len(email) <= _LONG_EMAIL and bool(_plain_email(email))))


def _is_small(number: int) -> bool:
    return -_LARGE_ID < number < _LARGE_ID


_IDS: Final = {Id, Name}


def _id_fields(model: type[RawTouch]) -> tuple[str, ...]:
    """Return the fields of a channel that hold ids, at least two; those of identifiers are tested apart."""
    hints = get_type_hints(model, include_extras=True)
    fields = (name for name in model.model_fields if name not in RawTouch.model_fields)
    return (
        "event_id",
        "event_id",
        *(name for name in fields if _IDS.intersection((hints[name], *get_args(hints[name])))),
    )


_read_ids: Final = {channel: attrgetter(*_id_fields(model)) for channel, model in CHANNELS.items()}
"""By channel: a function that returns the values of these fields as a tuple, which `attrgetter` does for two names."""


def _is_plain_time(value: str | float) -> bool:
    if isinstance(value, str):
        time = _from_iso(value)
        return time.tzinfo is not None and _EARLIEST <= time < _END
    return EARLIEST_MS <= value < END_MS


_EARLIEST: Final = datetime.fromtimestamp(_EARLIEST_S, _EPOCH.tzinfo)
_END: Final = datetime.fromtimestamp(_END_S, _EPOCH.tzinfo)
