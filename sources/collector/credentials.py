"""The write key of a request: where clients put it, and whether it admits the request."""

from base64 import b64decode
from binascii import Error
from typing import Final
from urllib.parse import parse_qsl

from sources.collector.keys.entry import KeyEntry
from sources.collector.keys.origins import permits_origin
from sources.collector.refusal import Refusal, RefusalReason
from sources.collector.request import Request
from sources.collector.services import Services

_QUERY_NAMES: Final = frozenset({"key", "writeKey"})
_MOST_PARAMETERS: Final = 500
_HELP: Final = "send it as `Authorization: Bearer KEY`, by Basic authentication as the user, or as ?key=KEY"


def key_of_headers(request: Request) -> str:
    """Return the key in `Authorization` (Bearer, or Basic with the key as the user) or `X-Write-Key`; '' without."""
    value = request.headers.get(b"authorization")
    if value is not None:
        scheme, _, credentials = value.partition(b" ")
        scheme = scheme.lower()
        if scheme == b"bearer":
            return credentials.strip().decode("latin-1")
        if scheme == b"basic":
            try:
                user, _, _ = b64decode(credentials.strip(), validate=True).partition(b":")
            except Error:
                return ""
            return user.decode("latin-1")
    return request.headers.get(b"x-write-key", b"").strip().decode("latin-1")


def key_of_query(request: Request) -> str:
    """Return the key in the query, `key` or `writeKey`; '' without."""
    for name, value in query_of(request):
        if name in _QUERY_NAMES:
            return value
    return ""


def query_of(request: Request) -> list[tuple[str, str]]:
    """Return the parameters of the query in their order, as text; invalid bytes become U+FFFD."""
    if not request.query:
        return []
    text = request.query.decode("latin-1")
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        return []


def admit_key(request: Request, services: Services, key: str) -> KeyEntry | Refusal:
    """Return the entry of the key if the request may use it. An unknown key and a revoked one look the same."""
    if not key:
        return Refusal(RefusalReason.NO_KEY, f"the request has no write key: {_HELP}")
    entry = services.keys.find(key)
    if entry is None:
        if why := services.keys.ready():
            return Refusal(RefusalReason.SINK_UNAVAILABLE, f"write keys cannot be checked yet: {why}", retry_after_s=2)
        return Refusal(
            RefusalReason.UNKNOWN_KEY,
            "the write key is not valid or was revoked; create another one with `touchline key create`",
        )
    if entry.origins and not permits_origin(entry, request.headers.get(b"origin")):
        return Refusal(
            RefusalReason.ORIGIN_NOT_ALLOWED, "pages of this origin may not use the key; create a key that lists it"
        )
    return entry
