"""The plan of a table: the field of each column of a CSV header, or of each key of a line of JSON."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sources.outcome import excerpt
from sources.tables.fields import is_field, required_fields_of, shared_field, suggestion
from sources.tables.options import TableOptions

_LISTED_COLUMNS: Final = 30
_NO_HEADER: Final = "; if that is not a header, name the columns, as in --columns A,B,C"


class HeaderError(ValueError):
    """A header that does not fit the options; the message lists its columns."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`fields`: the field of each column, '' for a dropped one. `paths`: the field of each member `outer.inner` of a
    nested object. `mapped_fields`: the fields that an option or the preset maps a column to."""

    fields: Mapping[str, str]
    paths: Mapping[str, str]
    mapped_fields: Collection[str]


def plan_columns(names: Collection[str], options: TableOptions) -> Plan:
    """Return the field of each column: by the options, else by the preset, else by the column's name."""
    mapped = {column: name for column, name in options.columns.items() if column in names}
    paths = {column: name for column, name in options.columns.items() if column not in names and "." in column}
    assigned = {*options.columns.values(), *options.constants}
    if options.preset:
        for column, name in options.preset.columns:
            if name in assigned or column in options.columns:
                continue
            if column in names:
                mapped[column] = name
                assigned.add(name)
            elif "." in column and column.partition(".")[0] in names:
                paths[column] = name
    mapped_fields = {*mapped.values(), *paths.values(), *options.columns.values()}
    if options.preset and "type" not in options.constants:
        mapped_fields.add("type")
    fields = {column: mapped.get(column) or _own_field(column, mapped_fields, options) for column in names}
    return Plan(fields, paths, mapped_fields)


def plan_header(header: Sequence[str], options: TableOptions) -> Plan:
    """Return the plan of a table with these columns. Raises `HeaderError`."""
    _check_names(header, options)
    # pandas and R write row numbers into a first column without a name; other columns without a name must be empty.
    plan = plan_columns([name for n, name in enumerate(header) if name or (n == 0 and not options.header)], options)
    if shared := shared_field(plan.fields):
        name, column, other = shared
        raise HeaderError(
            f"the columns {excerpt(column)} and {excerpt(other)} are both {name}: "
            f"map one of them to another name with --map COLUMN=properties.NAME"
        )
    _check_required(header, plan.fields.values(), options)
    return plan


def _own_field(column: str, mapped_fields: Collection[str], options: TableOptions) -> str:
    if is_field(options.channel, column) and column not in mapped_fields:
        return column
    if options.preset and column in options.preset.dropped:
        return ""
    return f"properties.{column}" if options.keep_unmapped else ""


def _check_names(header: Sequence[str], options: TableOptions) -> None:
    if len(header) == 1 and (other := next((mark for mark in ";\t|," if mark in header[0]), "")):
        raise HeaderError(
            f"the header is one column, {excerpt(header[0])}: name what separates its columns with "
            f"--delimiter {'tab' if other == chr(9) else repr(other)}"
        )
    if any("\0" in name for name in header):
        raise HeaderError("the header has NUL characters: if the file is UTF-16, name it with --encoding utf-16-le")
    if missing := [name for name in options.columns if name not in header]:
        hint = suggestion(missing[0], header) or _NO_HEADER
        raise HeaderError(
            f"the table has no column {', '.join(map(repr, missing))}: its header is {format_names(header)}{hint}"
        )
    names = [name for name in header if name]
    if len(set(names)) != len(names):
        raise HeaderError(f"two columns of the table have one name: its header is {format_names(header)}")
    for name, _ in options.values:
        if name not in header and not is_field(options.channel, name):
            hint = suggestion(name, header)
            raise HeaderError(
                f"--value names {name!r}, which is neither a column nor a field: the header is "
                f"{format_names(header)}{hint}"
            )


def _check_required(header: Sequence[str], fields: Collection[str], options: TableOptions) -> None:
    constants = options.constant_values()
    for name in required_fields_of(options.channel, constants.get("type")):
        if name in fields or name in constants:
            continue
        if options.preset and name == "type" and any(one in header for one in options.preset.type_column.split("|")):
            continue
        expected = ""
        if options.preset:
            columns = [column for column, field in options.preset.columns if field == name]
            columns += options.preset.type_column.split("|") if name == "type" else []
            expected = f" (the preset {options.preset.name} expects {' or '.join(columns)})" if columns else ""
        hint = suggestion(name, header) or _NO_HEADER
        raise HeaderError(
            f"no column is {name}{expected}: map one with --map COLUMN={name}, or set one value for all rows with "
            f"--set {name}=VALUE; the header is {format_names(header)}{hint}"
        )


def format_names(names: Sequence[str]) -> str:
    """Return the first names as a printable list, for a message."""
    listed = ", ".join(name if name and name.isprintable() else excerpt(name) for name in names[:_LISTED_COLUMNS])
    return listed + (f" and {len(names) - _LISTED_COLUMNS} more" if len(names) > _LISTED_COLUMNS else "")
