"""A touch that may be revised, kept before rollups had more dimensions, is read and taken back by what it has."""

from schemas.columns import EVENTS
from streams.engage.revisions import former_row
from streams.engage.rows import encode_identifier
from streams.profile.identifier_state import IdentifierState, decode_state, encode_state
from streams.profile.local_state import RevisedAggregate
from tests.schemas.column_types import read_row
from tests.schemas.test_value_layouts import revisable

REVISABLE = (
    "0293079195039b81a6766973697473010001cf0000019254d38000cf0000019254d3800081a676697369747392cd0b29cb3ff1aa59c4115e7d80c0"
    "c090a2763193808081cd4e20948080809198000001a165a3612f62a0c0c093029b81a6766973697473010001cf0000019254d38000cf00000192"
    "54d380008080c0c090a2763193808080919503c406646967657374cd4e2092a470616765a261649f01a165a6766973697473cf0000019254d380"
    "00c2cb3ff000000000000092cd0b29cb3ff1aa59c4115e7d00a0a3612f62a0a0a080a27631c0"
)


def test_it_is_read_and_the_dimensions_that_it_lacks_are_empty() -> None:
    state = decode_state(bytes.fromhex(REVISABLE))
    assert encode_state(state) == encode_state(IdentifierState(7, revisable()))
    content = state.local.content
    assert isinstance(content, RevisedAggregate)
    row = former_row("main", content.touches[0], encode_identifier("main|email:a"), 1, 2)
    values = read_row(row, EVENTS)
    assert (values["type"], values["lead_source"], values["queue"]) == ("page", "ad", "")
