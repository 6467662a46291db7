"""Detection of keys that an option names and no line of JSON has, such as misspelt ones."""

from typing import Final

from sources.tables.cells import Cells, get_path
from sources.tables.fields import is_field, suggestion
from sources.tables.options import TableOptions
from sources.tables.plan import format_names

_NAMES: Final = 1_000  # number of keys that are kept, for the message


class MissingKeys:
    """Keys of options that have not occurred in the lines of an import yet."""

    def __init__(self, options: TableOptions) -> None:
        self._missing = {*options.columns, *(name for name, _ in options.values if not is_field(options.channel, name))}
        self._names: dict[str, None] = {}
        self._observed = 0

    def observe(self, row: Cells) -> None:
        """Register the keys of a line."""
        self._observed += 1
        if self._missing:
            self._missing = {path for path in self._missing if path not in row and get_path(row, path) is None}
        if len(self._names) < _NAMES:
            self._names.update(dict.fromkeys(row))

    def problem(self) -> str:
        """Return a message about keys that no line had, without a full stop, or ''."""
        if not self._missing or not self._observed:
            return ""
        missing = sorted(self._missing)
        names = list(self._names)
        return (
            f"no line has the key {', '.join(map(repr, missing))} that --map or --value names: "
            f"the keys are {format_names(names)}{suggestion(missing[0], names)}"
        )
