"""Removal of write keys from what clients send, so that no property, log line or quarantined record contains one.

SDKs put the key wherever they like: `writeKey` in a body or a query (Segment, RudderStack), `api_key` or `token`
(PostHog), `aid` (Snowplow). So a member is removed if its name is one of those that only a key has, or its value is a
key. Keys inside longer texts, such as a page's address, are replaced. All functions are pure; `key` is the write key of
the request, for keys that do not have Touchline's format.
"""

import re
from typing import Final
from urllib.parse import unquote_plus

from sources.collector.keys.key_format import PREFIX

REDACTED: Final = "[write key]"
_NAMES: Final = frozenset({"writeKey", "WriteKey", "write_key", "api_key", "apiKey"})
_IN_TEXT: Final = re.compile(r"tl(?:_|%5[fF])[a-z2-7]{40}")
_IN_BYTES: Final = re.compile(_IN_TEXT.pattern.encode())
# CPython looks for the first letters of a pattern three times as fast as for a short text in a long one.
_find_key: Final = re.compile(rb"tl(?:_|%5)").search
_find_name: Final = re.compile(rb'ey"').search  # at the end of each of _NAMES
_ENDS: Final = (b'riteKey"', b'rite_key"', b'api_key"', b'apiKey"')
# Letters, digits, `_` and `%` as JSON may write them. Encoders for HTML write only &, < and > so, in most addresses.
_find_escape: Final = re.compile(rb"\\u00(?:25|3[0-9]|[4-7][0-9a-fA-F])").search


def may_contain_key(raw: bytes, key: str = "") -> bool:
    """Return False if `remove_keys` would change nothing of a JSON text; cheap, for the frequent case."""
    if _find_key(raw):
        return True
    if _find_name(raw) and any(end in raw for end in _ENDS):
        return True
    if b"\\" in raw and _find_escape(raw):
        return True
    if not key or key.startswith(PREFIX):
        return False
    return b"\\" in raw or key.encode("utf-8", "surrogatepass") in raw  # any sign of such a key may be escaped


def remove_keys(value: object, key: str = "") -> object:
    """Return decoded JSON without write keys: members are removed, and texts have `REDACTED` in place of a key."""
    if isinstance(value, dict):
        return {
            redact_text(name): remove_keys(member, key)
            for name, member in value.items()
            if not (name in _NAMES or (isinstance(member, str) and _is_key(member, key)))
        }
    if isinstance(value, list):
        return [remove_keys(member, key) for member in value]
    if isinstance(value, str):
        return REDACTED if _is_key(value, key) else redact_text(value)
    return value


def redact_text(text: str) -> str:
    """Return a text with `REDACTED` in place of each write key of Touchline's format, also percent-encoded."""
    return _IN_TEXT.sub(REDACTED, text) if "tl" in text else text


def redact_bytes(raw: bytes) -> bytes:
    """Return bytes that may be no text, such as a body that cannot be decoded, with `REDACTED` in place of keys."""
    return _IN_BYTES.sub(REDACTED.encode(), raw)


def redact_query(query: bytes, key: str = "") -> bytes:
    """Return a query string without parameters that hold a write key; keys inside others are replaced."""
    return redact_bytes(b"&".join(part for part in query.split(b"&") if not _is_key_parameter(part, key)))


def _is_key_parameter(part: bytes, key: str) -> bool:
    name, _, value = part.decode("latin-1").partition("=")
    return unquote_plus(name) in _NAMES or _is_key(unquote_plus(value), key)


def _is_key(text: str, key: str) -> bool:
    return (bool(key) and text == key) or (text.startswith("tl") and bool(_IN_TEXT.fullmatch(text)))
