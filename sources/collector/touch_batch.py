"""The touches in the body of a native request, each as its own bytes, so that a bad one affects no other."""

import re
from typing import Final, NamedTuple

import msgspec

from sources.collector.config import DEEPEST
from sources.collector.refusal import Refusal, RefusalReason

MOST_TOUCHES: Final = 10_000
_SPACE: Final = b" \t\r\n"
_END_OF_LINE: Final = re.compile(rb"\}[ \t]*\r?\n\s*\{")
_read_list: Final = msgspec.json.Decoder(list[msgspec.Raw]).decode
_read_one: Final = msgspec.json.Decoder(msgspec.Raw).decode


class Envelope(msgspec.Struct):
    """An object around touches: `{"channel": "visits", "touches": [...]}`."""

    touches: list[msgspec.Raw]
    channel: str | None = None


_read_envelope: Final = msgspec.json.Decoder(Envelope).decode


class TouchBatch(NamedTuple):
    """The touches of a request; `channel` is the envelope's, if it names one."""

    touches: list[bytes]
    channel: str | None = None


def split_touches(body: bytes, content_type: bytes = b"") -> TouchBatch | Refusal:
    """Return the touches of a body: one object, an array, an envelope, or an object a line (NDJSON).

    The first characters decide, since Content-Type is often wrong; it decides only that each line is a touch, whatever
    is in it. A line that is no JSON is left to the check of its touch; an array that is no JSON has no touches to tell
    apart, and the request is refused.
    """
    body = body.strip(_SPACE)
    if not body:
        return Refusal(RefusalReason.NOT_JSON, "the body is empty; send one touch, an array, or a touch a line")
    if b"ndjson" in content_type or b"jsonl" in content_type:
        return _split_lines(body)
    if body[:1] == b"{":
        if b'"touches"' in body and (found := _open_envelope(body)) is not None:
            return found
        if b"\n" in body and _END_OF_LINE.search(body):
            return _split_lines(body)
        return TouchBatch([body])
    if body[:1] != b"[":
        return Refusal(
            RefusalReason.NOT_JSON, "the body is no JSON object or array; send one in UTF-8, without a byte order mark"
        )
    try:
        return _limit([bytes(touch) for touch in _read_list(body)])
    except RecursionError:
        return Refusal(RefusalReason.TOO_DEEP, f"nested far deeper than {DEEPEST} levels; flatten it")
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return Refusal(RefusalReason.NOT_JSON, f"the array is no valid JSON: {_fault(error)}")


def _open_envelope(body: bytes) -> TouchBatch | Refusal | None:
    """Return the touches in an envelope; None if the object is none, and so a touch."""
    try:
        envelope = _read_envelope(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    found = _limit([bytes(touch) for touch in envelope.touches])
    return found._replace(channel=envelope.channel) if isinstance(found, TouchBatch) else found


def _limit(touches: list[bytes]) -> TouchBatch | Refusal:
    if len(touches) > MOST_TOUCHES:
        return Refusal(RefusalReason.TOO_LARGE, f"more than {MOST_TOUCHES} touches; send smaller batches")
    return TouchBatch(touches)


def _split_lines(body: bytes) -> TouchBatch | Refusal:
    return _limit([line for line in (line.strip(_SPACE) for line in body.split(b"\n")) if line])


def _fault(error: Exception) -> str:
    """Return the place of an error, without the text that may be personal."""
    found = re.search(r"\(byte \d+\)", str(error))
    return found[0] if found else "see its encoding"
