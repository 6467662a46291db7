from random import Random

from hypothesis import given
from hypothesis import strategies as st

from streams.profile.traits import MAX_CHARS, MAX_FIELDS, TouchTraits, add_traits, current_values, merge

words = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.sampled_from(["a", "b", "😀", "\uffff"]),
        st.dictionaries(st.sampled_from(["name", "company", "$country"]), st.sampled_from("xyz"), max_size=3),
    ),
    max_size=10,
    unique_by=lambda word: word[:2],
)


def heard(some: list[tuple[int, str, dict[str, str]]]) -> list[TouchTraits]:
    known: list[TouchTraits] = []
    for t_ms, event_id, values in some:
        known = add_traits(known, t_ms, event_id, values)
    return known


@given(words, st.randoms(use_true_random=False))
def test_the_newest_word_on_each_field_wins(some: list[tuple[int, str, dict[str, str]]], chance: Random) -> None:
    expected: dict[str, str] = {}
    for _, _, values in sorted(some, key=lambda word: (word[0], word[1].encode())):
        expected |= values
    shuffled = list(some)
    chance.shuffle(shuffled)
    assert current_values(heard(some)) == expected
    assert heard(shuffled) == heard(some)


@given(words, words, words)
def test_merging_commutes_and_associates(
    a: list[tuple[int, str, dict[str, str]]],
    b: list[tuple[int, str, dict[str, str]]],
    c: list[tuple[int, str, dict[str, str]]],
) -> None:
    one, two, three = heard(a), heard(b), heard(c)
    assert merge(one, two) == merge(two, one)
    assert merge(merge(one, two), three) == merge(one, merge(two, three))
    assert merge(one, []) == one


def test_what_is_said_again_is_dated_anew() -> None:
    assert heard([(1, "a", {"x": "1", "y": "2"}), (2, "b", {"y": "2", "x": "1"})]) == [
        TouchTraits(2, "b", {"x": "1", "y": "2"})
    ]
    assert heard([(2, "b", {"x": "1"}), (1, "a", {"x": "1"})]) == [TouchTraits(2, "b", {"x": "1"})]
    assert heard([(1, "a", {"x": "1", "y": "2"}), (2, "b", {"x": "3"})]) == [
        TouchTraits(1, "a", {"y": "2"}),
        TouchTraits(2, "b", {"x": "3"}),
    ]


@given(st.permutations(range(MAX_FIELDS + 9)))
def test_too_many_fields_leave_the_same_ones_in_any_order(numbers: list[int]) -> None:
    some = [(number, "a", {f"f{number:03}": "x"}) for number in numbers]
    assert sorted(current_values(heard(some))) == [f"f{number:03}" for number in range(MAX_FIELDS)]


def test_one_touch_cannot_say_more_than_that_either() -> None:
    values = {f"f{number:03}": "x" * (MAX_CHARS + 1) for number in range(MAX_FIELDS + 1)}
    known = current_values(heard([(1, "a", values)]))
    assert list(known) == sorted(values)[:MAX_FIELDS]
    assert set(known.values()) == {"x" * MAX_CHARS}
    assert current_values(heard([(1, "a", values), (2, "a", values)])) == known
