"""Reads requests: checks parameters, and reads the body within limits of size and time."""

import asyncio
from collections.abc import Mapping
from typing import Final

from aiohttp import web

from deploy.engine.access.syntax_tree import STATEMENT_BYTES
from deploy.engine.engine_error import engine_error
from deploy.engine.http.auth import User
from deploy.engine.http.compression import TooLongError, decode
from deploy.engine.http.http_protocol import Request
from deploy.engine.thread_pools import ThreadPool

QUERY_ID_CHARACTERS: Final = 200
# Time limits of a body: a writer's can be a gigabyte, a reader's is a statement.
WRITER_S, READER_S = 600.0, 60.0
_METHODS: Final = frozenset({"GET", "HEAD", "POST"})
_ONCE: Final = ("database", "password", "query", "query_id", "readonly", "user")

__all__ = ["BadRequestError", "TooLongError", "check_request", "read_request"]


class BadRequestError(Exception):
    """The request is not valid in ClickHouse's interface; the message says what to send."""


def check_request(http: web.Request) -> dict[str, str]:
    """Return the request's parameters. Raises BadRequestError."""
    if http.method not in _METHODS:
        raise BadRequestError(f"Method {http.method} is not supported: send GET, HEAD or POST.")
    for name in _ONCE:
        if len(http.query.getall(name, ())) > 1:
            raise BadRequestError(f"The parameter {name} is given more than once: give it once.")
    parameters = dict(http.query)
    for name, value in parameters.items():
        if not _is_text(name + value):
            raise BadRequestError("A parameter is not UTF-8: percent-encode its UTF-8 bytes.")
    wanted = parameters.get("query_id", "")
    if not wanted.isprintable() or len(wanted) > QUERY_ID_CHARACTERS:
        raise BadRequestError(
            f"The query_id is longer than {QUERY_ID_CHARACTERS} characters or has a control character: "
            "send a shorter one of printable characters, or none."
        )
    return parameters


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


async def read_request(
    http: web.Request, parameters: Mapping[str, str], user: User, most_bytes: int, threads: ThreadPool
) -> Request:
    """Read and decompress the body, at most `most_bytes`; for a read-only user, at most the size of a statement.

    Raises BadRequestError, TooLongError, BadBodyError.
    """
    most_bytes = STATEMENT_BYTES if user.readonly and user.limited else most_bytes
    bounded = http.clone(client_max_size=most_bytes)
    try:
        async with asyncio.timeout(READER_S if user.readonly else WRITER_S):
            if http.content_type == "multipart/form-data":
                return Request(http.method, http.headers, {**parameters, **await _fields(bounded)}, b"")
            body = await bounded.read()
    except web.HTTPRequestEntityTooLarge:
        raise TooLongError(most_bytes) from None
    except TimeoutError:
        raise BadRequestError("The body did not arrive in time: send the request again.") from None
    encoding = http.headers.get("Content-Encoding", "").strip().lower()
    if encoding:
        body = await (await threads.start(lambda: decode(body, encoding, most_bytes)))
    return Request(http.method, http.headers, parameters, body)


async def _fields(http: web.Request) -> dict[str, str]:
    """Read the fields of a form as parameters; tables attached as files are refused."""
    try:
        form = await http.post()
    except (AssertionError, KeyError, LookupError, RuntimeError, TypeError, ValueError) as error:
        raise BadRequestError(
            "The form cannot be read: send multipart/form-data with a boundary and a name for each part."
        ) from error
    fields = {}
    for name, value in form.items():
        if not isinstance(value, str):
            raise engine_error(
                48, f"External data ({name}) is not supported by the embedded engine.", "NOT_IMPLEMENTED"
            )
        if not _is_text(name + value):
            raise BadRequestError("A field of the form is not UTF-8: send text.")
        fields[name] = value
    return fields
