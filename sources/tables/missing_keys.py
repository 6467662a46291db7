"""Which of the keys that options name the lines of JSON have: one that no line has is a slip of the pen."""

from typing import Final

from sources.tables.cells import Cells, get_path
from sources.tables.fields import is_field, suggestion
from sources.tables.options import TableOptions
from sources.tables.plan import format_names

_KEPT: Final = 1_000  # names of keys that are kept, for the sentence


class MissingKeys:
    """Looks at the lines of all files of an import."""

    def __init__(self, options: TableOptions) -> None:
        self._missing = {*options.columns, *(name for name, _ in options.values if not is_field(options.channel, name))}
        self._names: dict[str, None] = {}
        self._observed = 0

    def observe(self, row: Cells) -> None:
        """Takes note of a line's keys."""
        self._observed += 1
        if self._missing:
            self._missing = {path for path in self._missing if path not in row and get_path(row, path) is None}
        if len(self._names) < _KEPT:
            self._names.update(dict.fromkeys(row))

    def problem(self) -> str:
        """What to say of a key that no line had, without the full stop, or nothing."""
        if not self._missing or not self._observed:
            return ""
        missing = sorted(self._missing)
        names = list(self._names)
        return (
            f"no line has the key {', '.join(map(repr, missing))} that --map or --value names: "
            f"the keys are {format_names(names)}{suggestion(missing[0], names)}"
        )
