"""Native blocks for a client's revision, from blocks of revision 0."""

from collections.abc import Iterator
from typing import Final

from deploy.engine.engine_error import engine_error
from deploy.engine.native.column_width import UnknownTypeError, read_varint, skipper

# DBMS_MIN_REVISION_WITH_CUSTOM_SERIALIZATION in ClickHouse's ProtocolDefines.h. Clients of a former revision, such as
# clickhouse-connect, are answered with revision 0, which they recognise.
CUSTOM_SERIALIZATION_REVISION: Final = 54454
# Field 1, is_overflows: false; field 2, bucket_num: -1; 0 ends the fields.
_BLOCK_INFO: Final = b"\x01\x00\x02\xff\xff\xff\xff\x00"
_DEFAULT_SERIALIZATION: Final = b"\x00"


def framed(body: bytes, revision: int) -> bytes:
    """Return Native blocks of revision 0 as blocks of this revision.

    Raises EngineError for a column of a type whose data cannot be measured.
    """
    return b"".join(_pieces(body)) if revision >= CUSTOM_SERIALIZATION_REVISION else body


def _pieces(body: bytes) -> Iterator[bytes]:
    begin = at = 0
    while at < len(body):
        yield _BLOCK_INFO
        columns, at = read_varint(body, at)
        rows, at = read_varint(body, at)
        for _ in range(columns):
            name, at = _read_text(body, at)
            type_text, at = _read_text(body, at)
            yield body[begin:at]
            yield _DEFAULT_SERIALIZATION
            begin = at
            at = _end(name, type_text, body, at, rows) if rows else at
        yield body[begin:at]
        begin = at


def _read_text(body: bytes, at: int) -> tuple[str, int]:
    size, at = read_varint(body, at)
    return body[at : at + size].decode("utf-8", "replace"), at + size


def _end(name: str, type_text: str, body: bytes, at: int, rows: int) -> int:
    try:
        prefix, skip = skipper(type_text)
    except UnknownTypeError as error:
        why = (
            f"Column {name} has type {error}, which the embedded engine does not send to clients that state a "
            "client_protocol_version: convert it, for example with toString() or finalizeAggregation()."
        )
        raise engine_error(48, why, "NOT_IMPLEMENTED") from error
    return skip(body, at + prefix, rows)
