"""A test over a table runs every case, fails with all that fail, and takes fixtures besides."""

from pathlib import Path

import pytest

from tests.tables import table


def test_all_failing_cases_are_listed() -> None:
    @table("number", [1, 2, 3, 4])
    def even(number: int) -> None:
        assert number % 2 == 0

    with pytest.raises(AssertionError) as caught:
        even()
    lines = str(caught.value).splitlines()
    assert lines[0] == "2 of 4 cases fail:"
    assert [line.split(":")[0].strip() for line in lines[1:3]] == ["number=1", "number=3"]


def test_an_error_in_a_case_is_a_failed_case() -> None:
    @table("text, number", [("1", 1), ("x", 0)])
    def read(text: str, number: int) -> None:
        assert int(text) == number

    with pytest.raises(AssertionError, match="1 of 2 cases fail:\n  text='x', number=0: ValueError"):
        read()


@table(("name", "content"), [("a", "1"), ("b", "2")])
def test_fixtures_are_shared_by_the_cases(name: str, content: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(content)
    assert len(list(tmp_path.iterdir())) == "ab".index(name) + 1


def test_a_table_without_cases_is_refused() -> None:
    with pytest.raises(AssertionError, match="without cases"):
        table("number", [])


def test_two_tables_make_every_combination() -> None:
    @table("one", [1, 2, 3])
    @table("other", [1, 2])
    def differ(one: int, other: int) -> None:
        assert one != other

    with pytest.raises(AssertionError) as caught:
        differ()
    found = str(caught.value)
    assert found.startswith("2 of 3 cases fail:")
    assert [found.count(f"  {text}:") for text in ("one=1", "other=1", "one=2", "other=2", "one=3")] == [1, 1, 1, 1, 0]
