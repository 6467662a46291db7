"""The cells of one row, by column: texts of CSV, any values of JSON."""

from collections.abc import Mapping

Cells = Mapping[str, object]


def get_path(cells: Cells, path: str) -> object:
    """The value of a column, or of the member `inner` of the object `outer` for `outer.inner`; None where it is not."""
    if path in cells:
        return cells[path]
    for at, char in enumerate(path):
        if char == "." and isinstance(outer := cells.get(path[:at]), dict):
            return get_path(outer, path[at + 1 :])
    return None


def get_first(cells: Cells, paths: str) -> object:
    """The value of the first of `a|b` that the row has and is not null, or None."""
    return next((found for path in paths.split("|") if (found := get_path(cells, path)) is not None), None)


def comparable_text(value: object) -> str:
    """A value as a text that can be compared: a text itself, `true` and `false`, a number's digits; '' for others."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else ""
