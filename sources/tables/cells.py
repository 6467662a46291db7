"""Access to the cells of one row by column. Cells of CSV are texts; those of JSON have any type."""

from collections.abc import Mapping

Cells = Mapping[str, object]


def get_path(cells: Cells, path: str) -> object:
    """Return the value of a column, or for `outer.inner` that of a member of the object `outer`; None if missing."""
    if path in cells:
        return cells[path]
    for at, char in enumerate(path):
        if char == "." and isinstance(outer := cells.get(path[:at]), dict):
            return get_path(outer, path[at + 1 :])
    return None


def get_first(cells: Cells, paths: str) -> object:
    """Return the value of the first path of `a|b` that is present and not null, or None."""
    return next((found for path in paths.split("|") if (found := get_path(cells, path)) is not None), None)


def comparable_text(value: object) -> str:
    """Return a value as text for comparison: a text as it is, `true` or `false`, the digits of a number, else ''."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else ""
