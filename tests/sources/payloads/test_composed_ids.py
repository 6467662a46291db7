"""Ids that are joined of what is unique about an event."""

from hypothesis import given
from hypothesis import strategies as st

from schemas.raw_touch import read_id
from sources.payloads.composed_ids import composed_id


def test_parts_are_joined() -> None:
    assert composed_id("ticket", 7, "opened") == "ticket:7:opened"


@given(st.lists(st.text(st.characters(exclude_categories=()), max_size=150), min_size=1, max_size=3))
def test_each_is_a_valid_event_id(parts: list[str]) -> None:
    assert read_id(composed_id(*parts)) or parts == [""]


def test_long_ids_are_different() -> None:
    assert composed_id("x" * 300, 1) != composed_id("x" * 300, 2)
    assert len(composed_id("x" * 300)) == 32
