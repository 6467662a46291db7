"""Traits: the newest value of each field wins, in any order."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from streams.profile.traits import MAX_CHARS, MAX_FIELDS, TouchTraits, add_traits, current_values, merge

touches = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.sampled_from(["a", "b", "😀", "\uffff"]),
        st.dictionaries(st.sampled_from(["name", "company", "$country"]), st.sampled_from("xyz"), max_size=3),
    ),
    max_size=10,
    unique_by=lambda one: one[:2],
)


def traits_of(some: list[tuple[int, str, dict[str, str]]]) -> list[TouchTraits]:
    known: list[TouchTraits] = []
    for t_ms, event_id, values in some:
        known = add_traits(known, t_ms, event_id, values)
    return known


@given(touches, st.randoms(use_true_random=False))
def test_the_newest_value_of_each_field_wins(some: list[tuple[int, str, dict[str, str]]], chance: Random) -> None:
    expected: dict[str, str] = {}
    for _, _, values in sorted(some, key=lambda one: (one[0], one[1].encode())):
        expected |= values
    shuffled = list(some)
    chance.shuffle(shuffled)
    assert current_values(traits_of(some)) == expected
    assert traits_of(shuffled) == traits_of(some)


@given(touches, touches, touches)
def test_merging_is_commutative_and_associative(
    a: list[tuple[int, str, dict[str, str]]],
    b: list[tuple[int, str, dict[str, str]]],
    c: list[tuple[int, str, dict[str, str]]],
) -> None:
    one, two, three = traits_of(a), traits_of(b), traits_of(c)
    assert merge(one, two) == merge(two, one)
    assert merge(merge(one, two), three) == merge(one, merge(two, three))
    assert merge(one, []) == one


def test_a_repeated_value_gets_the_newer_time() -> None:
    assert traits_of([(1, "a", {"x": "1", "y": "2"}), (2, "b", {"y": "2", "x": "1"})]) == [
        TouchTraits(2, "b", {"x": "1", "y": "2"})
    ]
    assert traits_of([(2, "b", {"x": "1"}), (1, "a", {"x": "1"})]) == [TouchTraits(2, "b", {"x": "1"})]
    assert traits_of([(1, "a", {"x": "1", "y": "2"}), (2, "b", {"x": "3"})]) == [
        TouchTraits(1, "a", {"y": "2"}),
        TouchTraits(2, "b", {"x": "3"}),
    ]


@given(st.permutations(range(MAX_FIELDS + 9)))
def test_the_same_fields_are_kept_above_the_limit_in_any_order(numbers: list[int]) -> None:
    some = [(number, "a", {f"f{number:03}": "x"}) for number in numbers]
    assert sorted(current_values(traits_of(some))) == [f"f{number:03}" for number in range(MAX_FIELDS)]


def test_the_limits_apply_to_a_single_touch() -> None:
    values = {f"f{number:03}": "x" * (MAX_CHARS + 1) for number in range(MAX_FIELDS + 1)}
    known = current_values(traits_of([(1, "a", values)]))
    assert list(known) == sorted(values)[:MAX_FIELDS]
    assert set(known.values()) == {"x" * MAX_CHARS}
    assert current_values(traits_of([(1, "a", values), (2, "a", values)])) == known
