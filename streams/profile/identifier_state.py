"""The whole state of an identifier: its local state and its ties. One value of the `states` table."""

from typing import Final

import msgspec

from schemas.value_layouts import Codec, split_layout, unchanged
from streams.identity.hierarchy import totals_below
from streams.identity.ties import NO_TIES, Ties
from streams.profile.local_state import LocalState
from streams.profile.summary import Summary, add
from streams.profile.touch_fold import total


class IdentifierState(msgspec.Struct, array_like=True, gc=False):
    """`offset` is the last activity offset folded: a record at or below it has had its effect."""

    offset: int
    local: LocalState
    ties: Ties | None = None

    @property
    def known_ties(self) -> Ties:
        """The ties; most identifiers have none."""
        return self.ties or NO_TIES


class _Head(msgspec.Struct, array_like=True):
    """The front of a state, the same in every layout: enough to compare versions."""

    offset: int


_read_head: Final = msgspec.msgpack.Decoder(_Head).decode
# Step 0 of both numbered the layouts. A step of totals comes with one of states: a state contains a summary. Step 1 of
# states added touches that may be revised, step 2 more dimensions of them: those that a touch lacks count as empty.
_STATES: Final = Codec(
    "The state of an identifier", msgspec.msgpack.Decoder(IdentifierState), (unchanged, unchanged, unchanged)
)
_TOTALS: Final = Codec("The total of an identifier", msgspec.msgpack.Decoder(Summary), (unchanged,))

encode_state: Final = _STATES.encode  # as stored in the table
decode_state: Final = _STATES.decode
encode_total: Final = _TOTALS.encode  # as sent to a parent
decode_total: Final = _TOTALS.decode


def version_of(value: bytes) -> int:
    """Return the offset at which a state of any layout was written: the highest of one identifier is valid."""
    return _read_head(split_layout(value)[1]).offset


def total_of(state: IdentifierState) -> Summary:
    """Return the total of an identifier with its subtree."""
    whole = total(state.local)
    for below in totals_below(state.known_ties):
        whole = add(whole, decode_total(below))
    return whole
