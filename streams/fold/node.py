"""An identifier's whole state: what it brought itself, and its ties to others. One value of the `states` table."""

from typing import Final

import msgspec

from streams.fold.identity import NO_TIES, Ties
from streams.fold.own import Own
from streams.fold.profile import total
from streams.fold.summary import Summary, add
from streams.fold.tree import totals_below


class Node(msgspec.Struct, array_like=True, gc=False):
    """`offset` is the last activity offset folded in: a record at or below it has had its effect."""

    offset: int
    own: Own
    ties: Ties | None = None

    @property
    def known_ties(self) -> Ties:
        """The ties; most identifiers have none."""
        return self.ties or NO_TIES


class _Head(msgspec.Struct, array_like=True):
    """The front of a node: enough to see how new it is."""

    offset: int


_encode: Final = msgspec.msgpack.Encoder().encode
_read_node: Final = msgspec.msgpack.Decoder(Node).decode
_read_head: Final = msgspec.msgpack.Decoder(_Head).decode
_read_summary: Final = msgspec.msgpack.Decoder(Summary).decode


def encode_node(node: Node) -> bytes:
    """The state as it stands in the table."""
    return _encode(node)


def decode_node(value: bytes) -> Node:
    """The state back. Raises `msgspec.DecodeError` on a state of another version."""
    return _read_node(value)


def version_of(value: bytes) -> int:
    """The offset a state was written at: of two values for one identifier the higher one holds."""
    return _read_head(value).offset


def total_of(node: Node) -> Summary:
    """An identifier with everything below it."""
    whole = total(node.own)
    for below in totals_below(node.known_ties):
        whole = add(whole, decode_total(below))
    return whole


def encode_total(summary: Summary) -> bytes:
    """What a parent is sent."""
    return _encode(summary)


def decode_total(value: bytes) -> Summary:
    """What a child sent. Raises `msgspec.DecodeError` on a total of another version."""
    return _read_summary(value)
