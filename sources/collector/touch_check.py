"""The check of a native touch by the contract, and its value for the raw topic.

A touch of the common form, without fields of its own that the key determines, is checked by its struct and extended as
bytes: the fields of its origin are written behind its own, and of a name that occurs twice the last value counts. All
others are read as objects.
"""

import re
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

import msgspec

from schemas.channels import CHANNELS
from schemas.fast_structs import DECODERS, FastMessage
from schemas.rejected import Reason, Rejected
from schemas.timestamps import EARLIEST_MS, END_MS
from sources.collector.config import DEEPEST, TOUCH_BYTES, CollectorConfig
from sources.collector.event_ids import derived_id
from sources.collector.json_limits import is_deeper
from sources.collector.keys.entry import KeyEntry
from sources.collector.keys.redaction import remove_keys
from sources.collector.origin import Origin, stamp
from sources.collector.reference_check import check_message, read_message

_EARLIEST_S: Final = EARLIEST_MS / 1_000
_END_S: Final = END_MS / 1_000
_EPOCH: Final = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_plain_url: Final = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::[0-9]{1,4})?(?:[/?#][!-~]*)?").fullmatch
_plain_email: Final = re.compile(r"[a-z0-9](?:\.?[a-z0-9_+-]+)*@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,20}").fullmatch
_encode: Final = msgspec.json.Encoder().encode
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
        self, config: CollectorConfig, entry: KeyEntry, origin: Origin, key: str, content_hash: str, with_keys: bool
    ) -> None:
        """`with_keys`: whether the body may contain write keys, which are then removed."""
        self._config = config
        self._entry = entry
        self._origin = origin
        self._key = key
        self._hash = content_hash
        self._with_keys = with_keys

    def check(self, raw: bytes, channel: str | None, position: int) -> Checked | Refused:
        """Return a touch as it is sent on, or why it is rejected. `channel`: the request's, if it names one."""
        if len(raw) > TOUCH_BYTES:
            return Refused(channel or "", Reason.TOO_LARGE, f"{len(raw)} bytes; the limit is {TOUCH_BYTES}")
        if channel is not None and not self._with_keys:
            try:
                message = DECODERS[channel](raw)
                own = message.tenant is None and message.source is None
                if own and is_plain(message) and not is_deeper(raw, DEEPEST):
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
                members += b',"event_id":"%s"' % derived_id(self._hash, position).encode()
        return Checked(channel, raw[:-1] + members + b"}")

    def _check_object(self, raw: bytes, channel: str | None, position: int) -> Checked | Refused:
        """Return the touch by the reference check, which reads every form that the contract allows."""
        found = read_message(raw)
        if isinstance(found, Rejected):
            return Refused(_known(channel), found.reason.value, found.detail)
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
                stamped["event_id"] = derived_id(self._hash, position)
        if rejected := check_message(channel, stamped, self._config.order, self._config.region):
            return Refused(channel, rejected.reason.value, rejected.detail)
        return Checked(channel, _encode(stamped))

    def _refuse_channel(self, channel: str) -> Refused | None:
        if channel not in CHANNELS:
            return Refused("", KeyReason.UNKNOWN_CHANNEL, f"no such channel; there are {_NAMES}")
        if not self._entry.permits_channel(channel):
            allowed = ", ".join(self._entry.channels)
            return Refused(channel, KeyReason.CHANNEL_NOT_ALLOWED, f"the write key is for {allowed}")
        return None


_NAMES: Final = ", ".join(CHANNELS)


def _known(channel: str | None) -> str:
    return channel if channel in CHANNELS else ""


def is_plain(message: FastMessage) -> bool:
    """Return whether a message that its struct accepted is accepted by intake, too, without a closer look."""
    if not _is_plain_time(message.occurred_at) or message.ids or message.schema_version not in (None, 1):
        return False
    url = getattr(message, "url", None)
    if url and not _plain_url(url):
        return False
    event_id = message.event_id
    if isinstance(event_id, str) and not event_id.isprintable():
        return False
    named = False
    for value in (message.customer_id, message.anonymous_id):
        if isinstance(value, int):
            named = True
        elif value is not None:
            if not value.isprintable():
                return False
            named = True
    if named:
        return True  # beside an identifier that can be read, intake sets others aside
    return message.phone is None and (message.email is None or _plain_email(message.email) is not None)


def _is_plain_time(value: str | float) -> bool:
    if isinstance(value, str):
        time = _from_iso(value)
        return time.tzinfo is not None and _EARLIEST <= time < _END
    return EARLIEST_MS <= value < END_MS


_EARLIEST: Final = datetime.fromtimestamp(_EARLIEST_S, _EPOCH.tzinfo)
_END: Final = datetime.fromtimestamp(_END_S, _EPOCH.tzinfo)
