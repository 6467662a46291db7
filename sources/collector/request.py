"""A request as endpoints read it, and the answer they return."""

from collections.abc import Mapping
from typing import NamedTuple


class Request(NamedTuple):
    """A request whose body has been read within its limit."""

    method: str
    path: str  # decoded, without the query
    query: bytes  # as sent, without the question mark
    headers: Mapping[bytes, bytes]  # names in lower case; of a repeated header the last value
    body: bytes  # as sent, still compressed, since signatures of webhooks cover these bytes
    peer_ip: str  # of the client: the last address that no trusted proxy has
    received_at_ms: int  # since 1970


class Answer(NamedTuple):
    """An answer. The server adds its length, the app the headers of CORS."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: tuple[tuple[bytes, bytes], ...] = ()
    key_id: str = ""  # of the write key, for the access log
