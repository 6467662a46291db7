"""An identifier's whole state: what it brought itself, and its ties to others. One value of the `states` table."""

from typing import Final

import msgspec

from schemas.value_layouts import Codec, split_layout, unchanged
from streams.identity.hierarchy import totals_below
from streams.identity.ties import NO_TIES, Ties
from streams.profile.local_state import Own
from streams.profile.summary import Summary, add
from streams.profile.touch_fold import total


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
    """The front of a node, the same in every layout: enough to see how new it is."""

    offset: int


_read_head: Final = msgspec.msgpack.Decoder(_Head).decode
# Step 0 of both numbered the layouts. A step of totals comes with one of nodes: a node holds a summary of its own.
_NODES: Final = Codec("The state of an identifier", msgspec.msgpack.Decoder(Node), (unchanged,))
_TOTALS: Final = Codec("The total of an identifier", msgspec.msgpack.Decoder(Summary), (unchanged,))

encode_node: Final = _NODES.encode  # the state as it stands in the table
decode_node: Final = _NODES.decode
encode_total: Final = _TOTALS.encode  # what a parent is sent
decode_total: Final = _TOTALS.decode


def version_of(value: bytes) -> int:
    """Return the offset a state of any layout was written at: of two for one identifier the higher one holds."""
    return _read_head(split_layout(value)[1]).offset


def total_of(node: Node) -> Summary:
    """An identifier with everything below it."""
    whole = total(node.own)
    for below in totals_below(node.known_ties):
        whole = add(whole, decode_total(below))
    return whole
