"""Values of a row by column, and by the path into nested objects."""

from sources.tables.cells import comparable_text, get_first, get_path
from tests.tables import table

ROW = {"a": 1, "a.b": 2, "outer": {"inner": {"x": 3}, "n.o": 4}, "null": None, "text": "t"}


@table(
    ("path", "value"),
    [
        ("a", 1),
        ("a.b", 2),  # a column of that name takes precedence over a path
        ("outer.inner.x", 3),
        ("outer.n.o", 4),
        ("outer.inner", {"x": 3}),
        ("outer.missing", None),
        ("text.t", None),
        ("missing", None),
        ("", None),
    ],
)
def test_a_path_leads_to_a_member(path: str, value: object) -> None:
    assert get_path(ROW, path) == value


@table(("paths", "value"), [("missing|a", 1), ("null|text", "t"), ("a|text", 1), ("missing|null", None)])
def test_the_first_present_path_counts(paths: str, value: object) -> None:
    assert get_first(ROW, paths) == value


@table(("value", "word"), [("Yes", "Yes"), (True, "true"), (False, "false"), (7, "7"), (0.5, "0.5"), (None, "")])
def test_a_value_as_comparable_text(value: object, word: str) -> None:
    assert comparable_text(value) == word
