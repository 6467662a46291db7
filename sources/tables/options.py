"""The user's options for the import of a table, validated before a file is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from re import compile as pattern

from schemas.channels import CHANNELS
from schemas.raw_touch import NAMESPACE
from sources.tables.fields import field_names, is_field, shared_field, suggestion, touch_types
from sources.tables.preset import Preset
from sources.tables.text_lines import check_encoding
from sources.tables.times import TimeReader

_is_namespace = pattern(NAMESPACE).fullmatch


@dataclass(frozen=True, slots=True)
class TableOptions:
    """Options of the import of a table.

    - `columns`: column (or JSON key) to field, where their names differ. A field is one of
      `sources.tables.fields.field_names(channel)`, `ids.NAME` or `properties.NAME`.
    - `constants`: field to value for all rows (`{"type": "opened"}`).
    - `keep_unmapped`: whether columns without a field are kept under `properties`. A column whose name is a field that
      another column is mapped to has no field.
    - `values`: (column or field, text in lower case) to its replacement. An empty replacement skips the row if the
      field is its type or direction, and otherwise drops the field.
    - `zone`, `time_unit`, `time_format`: see `TimeReader`.
    - `delimiter`, `encoding` (empty means by the byte order mark, or UTF-8) and `header` apply to CSV. `header` names
      the columns of a table without a header line; columns without a name are dropped.
    - `preset`: the export of one system; the other options take precedence over it.
    """

    channel: str
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    keep_unmapped: bool = True
    zone: str = ""
    delimiter: str = ","
    values: Mapping[tuple[str, str], str] = field(default_factory=dict)
    time_unit: str = ""
    time_format: str = ""
    encoding: str = ""
    header: tuple[str, ...] = ()
    preset: Preset | None = None

    def __post_init__(self) -> None:
        """Raise `ValueError` with a message for the user if an option is wrong."""
        if self.channel not in CHANNELS:
            raise ValueError(f"no channel {self.channel!r}: it is one of {', '.join(CHANNELS)}")
        if self.preset and self.preset.channel != self.channel:
            raise ValueError(
                f"the preset {self.preset.name} is for the channel {self.preset.channel}, not {self.channel}"
            )
        for name in (*self.columns.values(), *self.constants):
            self._check_field(name)
        self._check_conflicts()
        self._check_types()
        if len(self.delimiter) != 1 or self.delimiter in '"\r\n':
            raise ValueError(f"the delimiter must be one character and no quotation mark, not {self.delimiter!r}")
        if self.encoding:
            check_encoding(self.encoding)
        named = [name for name in self.header if name]
        if len(set(named)) != len(named):
            raise ValueError(f"two columns have one name: {', '.join(named)}")
        if self.time_unit and self.time_format:
            raise ValueError("a time has either a unit or a format: give one of them")
        self.time_reader()

    def _check_field(self, name: str) -> None:
        if not is_field(self.channel, name):
            fields = ", ".join(sorted(field_names(self.channel)))
            hint = suggestion(name, field_names(self.channel))
            raise ValueError(
                f"{self.channel} have no field {name!r}, only {fields}, ids.NAME and properties.NAME{hint}"
            )

        namespace = name.removeprefix("ids.")
        if namespace != name and _is_namespace(namespace) is None:
            raise ValueError(f"{name!r} is not an identifier: after ids. use up to 32 of a-z, 0-9 and _, as in ids.crm")

    def _check_conflicts(self) -> None:
        if shared := shared_field(self.columns):
            name, column, other = shared
            raise ValueError(
                f"two columns are mapped to {name}, {column!r} and {other!r}: map one of them to "
                f"ids.NAME or properties.NAME"
            )
        for column, name in self.columns.items():
            if name in self.constants:
                raise ValueError(
                    f"{name} has both the column {column!r} and the value {self.constants[name]!r}: drop one"
                )

    def _check_types(self) -> None:
        types = touch_types(self.channel)
        for (name, text), word in self.values.items():
            if "type" in (name, self.columns.get(name)) and word and word not in types:
                raise ValueError(
                    f"--value {name}:{text}={word}: {self.channel} have no type {word!r}, only {', '.join(types)}"
                )

    def time_reader(self) -> TimeReader:
        """Return the parser of the table's times."""
        if self.time_format:
            return TimeReader(self.zone, formats=(self.time_format,), iso=False)
        return TimeReader(self.zone, self.time_unit, self.preset.time_formats if self.preset else ())

    def constant_values(self) -> dict[str, str]:
        """Return field to value for all rows, with the constants of the preset."""
        mapped = set(self.columns.values())
        preset = self.preset.constants if self.preset else {}
        return {name: value for name, value in preset.items() if name not in mapped} | dict(self.constants)
