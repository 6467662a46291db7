"""Summaries: commutative sums of touches."""

from functools import reduce

from hypothesis import given
from msgspec import msgpack

from schemas.touch import Touch
from streams.profile.score import Component
from streams.profile.summary import EMPTY, Source, Summary, add, last_source
from tests.streams.touches import assert_same, summary_of, touch, touches


@given(touches(), touches(), touches())
def test_adding_is_commutative_and_associative(a: list[Touch], b: list[Touch], c: list[Touch]) -> None:
    one, two, three = summary_of(a), summary_of(b), summary_of(c)
    assert add(one, two) == add(two, one)
    assert_same(add(add(one, two), three), add(one, add(two, three)))
    assert add(one, EMPTY) == add(EMPTY, one)
    assert_same(add(one, EMPTY), one)


@given(touches(), touches())
def test_equal_sums_are_encoded_equally(a: list[Touch], b: list[Touch]) -> None:
    one, two = summary_of(a), summary_of(b)
    assert msgpack.encode(add(one, two)) == msgpack.encode(add(two, one))
    whole = add(one, two)
    assert msgpack.Decoder(Summary).decode(msgpack.encode(whole)) == whole


def test_adding_changes_neither_side() -> None:
    one = summary_of([touch(1, "a", source="google", traits={"x": "1"})])
    two = summary_of([touch(2, "b", source="bing", channel="calls", weight=-1.0)])
    before = msgpack.encode([one, two])
    whole = add(one, two)
    whole.touches["visits"] = 9
    whole.pos["visits"] = Component(1, 1.0)
    whole.traits.clear()
    assert msgpack.encode([one, two]) == before


def test_a_source_that_is_first_and_last_is_stored_once() -> None:
    only = summary_of([touch(5, "a", source="google")])
    assert only.last is None
    assert last_source(only) == only.first == Source(5, "a", "google", "", "", "")
    assert add(only, EMPTY).last is None
    assert last_source(EMPTY) is None
    assert add(only, only).last is None  # a touch sent with two strongest identifiers counts for both
    later = summary_of([touch(5, "b", source="bing")])
    both = add(later, only)
    assert (both.first, both.last) == (only.first, later.first)


def test_identifiers_are_added() -> None:
    assert reduce(add, [Summary(identifiers=1)] * 3, EMPTY).identifiers == 3
