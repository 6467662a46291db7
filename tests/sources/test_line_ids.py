"""Event ids of lines."""

from hypothesis import given
from hypothesis import strategies as st

from sources.line_ids import LineIds

LINES = st.lists(st.sampled_from([b"a", b"b", b"c", b"", b"a longer line"]) | st.binary(max_size=6), max_size=40)


def ids_of(lines: list[bytes], importer: str = "test") -> list[str]:
    ids = LineIds(importer)
    return [ids.next(line) for line in lines]


@given(LINES)
def test_ids_are_distinct_and_repeatable(lines: list[bytes]) -> None:
    first = ids_of(lines)
    assert len(set(first)) == len(lines)
    assert ids_of(lines) == first


@given(LINES, LINES)
def test_a_longer_file_only_adds_ids(lines: list[bytes], more: list[bytes]) -> None:
    assert ids_of(lines + more)[: len(lines)] == ids_of(lines)


@given(LINES)
def test_the_set_of_ids_does_not_depend_on_the_order(lines: list[bytes]) -> None:
    # A sorted copy of a file adds no ids.
    assert set(ids_of(sorted(lines))) == set(ids_of(lines))


def test_line_endings_do_not_change_ids_and_importers_do() -> None:
    assert ids_of([b"a\r\n"]) == ids_of([b"a\n"]) == ids_of([b"a"])
    assert ids_of([b"a"], "one") != ids_of([b"a"], "other")
    assert ids_of([b" a"]) != ids_of([b"a"])
