"""State of an identifier: encoding, version, and the total with its children."""

from hypothesis import given

from schemas.touch import Touch
from streams.identity.ties import NO_TIES, Ties
from streams.profile.identifier_state import (
    IdentifierState,
    decode_state,
    encode_state,
    encode_total,
    total_of,
    version_of,
)
from streams.profile.local_state import LocalState
from streams.profile.touch_fold import total
from tests.streams.profile.folding import fold
from tests.streams.touches import touches


@given(touches(most=6))
def test_a_state_is_decoded_as_it_was_encoded_with_its_version(some: list[Touch]) -> None:
    state = IdentifierState(7, fold(some)[0])
    encoded = encode_state(state)
    assert encode_state(decode_state(encoded)) == encoded
    assert version_of(encoded) == 7
    assert decode_state(encoded).known_ties == NO_TIES


@given(touches(most=6), touches(most=6))
def test_a_total_adds_the_children(own: list[Touch], below: list[Touch]) -> None:
    local, child = fold(own)[0], total(fold(below)[0])
    ties = Ties(children={"main|anonymous_id:v": (3, encode_total(child)), "main|phone:1": (4, None)})
    whole = total_of(IdentifierState(7, local, ties))
    assert whole.identifiers == total(local).identifiers + child.identifiers
    assert sum(whole.touches.values()) == len(own) + len(below)


def test_the_total_of_an_empty_identifier_has_no_touches() -> None:
    assert total_of(IdentifierState(0, LocalState())).touches == {}
