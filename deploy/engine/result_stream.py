"""Reads results piece by piece, so that one that is too large is dropped before it fills the memory.

chDB formats each piece as a result of its own, so this works only for formats whose results can be concatenated, and
for SELECT without totals.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from chdb import ChdbError

from deploy.engine.access.syntax_tree import Node

JOINABLE: Final = frozenset({
    "csv", "jsoncompacteachrow", "jsoneachrow", "jsonlines", "lineasstring", "native", "ndjson", "raw", "rowbinary",
    "tabseparated", "tabseparatedraw", "tsv", "tsvraw",
})  # fmt: skip


# chDB does not stream longer statements, whatever max_query_size says.
_STREAMED_CHARACTERS: Final = 60_000


@dataclass(frozen=True, slots=True)
class Pieces:
    """A whole result, and the engine's counts."""

    body: bytes
    rows_read: int
    elapsed_s: float


class TooLargeError(Exception):
    """The result is larger than the limit."""


def can_stream(tree: Node, sql: str, form: str) -> bool:
    """Return whether the result of this SELECT in this format can be read piece by piece."""
    if len(sql) > _STREAMED_CHARACTERS:
        return False
    return form.lower() in JOINABLE and "totals" not in str(tree)


def read_pieces(connection: Any, sql: str, form: str, parameters: Mapping[str, str], most_bytes: int) -> Pieces:
    """Run a query and join its pieces. Raises TooLargeError, and RuntimeError with the engine's text."""
    body, rows_read, elapsed_s = bytearray(), 0, 0.0
    try:
        stream = connection.send_query(sql, form, params=dict(parameters))
        try:
            for piece in stream:
                body += piece.bytes() or b""
                rows_read += piece.storage_rows_read()
                elapsed_s += piece.elapsed()
                if len(body) > most_bytes:
                    raise TooLargeError
        finally:
            stream.close()
    except ChdbError as error:
        raise RuntimeError(str(error)) from error
    return Pieces(bytes(body), rows_read, elapsed_s)
