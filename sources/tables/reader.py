"""Readers of CSV and JSON Lines. Each row is one touch of the given channel.

The `event_id` of a row that has none is a hash of its touch and of the number of equal touches before it in the file.
It is not a hash of the row's text, since that has another meaning with another header, mapping or channel.
"""

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from sources.outcome import Outcome, Reject, Skip, excerpt
from sources.tables.csv_rows import CsvRows, DamagedRow, Row
from sources.tables.json_errors import describe_json_error
from sources.tables.missing_keys import MissingKeys
from sources.tables.options import TableOptions
from sources.tables.plan import HeaderError, Plan, plan_columns, plan_header
from sources.tables.rows import RowReader
from sources.tables.text_lines import UNDECODED, text_lines

__all__ = ["HeaderError", "TableOptions", "read_csv", "read_jsonl"]

_SEPARATOR: Final = "sep="
_PLANS: Final = 1_000  # number of cached plans of JSON objects, one for each list of keys


def read_csv(blocks: Iterable[bytes], options: TableOptions) -> Iterator[Outcome]:
    """Yield one outcome per row after the header. `Reject.line_no` is the line on which the row begins.

    `blocks`: the file's bytes in blocks of any size. A first line `sep=;`, as Excel writes it, sets the delimiter.
    Reasons of rejection: not_utf8 or undecodable (with another encoding), cells (not as many as the header has, or one
    in a column without a name), bad_csv, too_large (a line), bad_number, bad_time, missing_field, two_values; of
    skipping: blank, left_out. Raises `HeaderError`.
    """
    rows = CsvRows(text_lines(blocks, options.encoding), options.delimiter)
    reader = RowReader(options)
    table: _CsvTable | None = None
    if options.header:
        table = _CsvTable(options.header, options, rows)
    for row in rows:
        if isinstance(row, DamagedRow):
            if table is None:
                raise HeaderError(f"the header is not a row of CSV: {row.detail}{_delimiter_hint(row.detail)}")
            yield Reject(row.reason, row.line_no, row.detail)
        elif not any(cell.strip() for cell in row.cells):
            yield Skip("blank")
        elif row.line_no == 1 and (mark := _separator(row)):
            rows.use_delimiter(mark)
        elif table is None:
            table = _CsvTable([cell.strip() for cell in row.cells], options, rows)
        elif rejected := table.reject(row):
            yield rejected
        else:
            yield reader.read(table.cells(row), table.plan, row.line_no)


class _CsvTable:
    """The columns of a CSV table, which its rows have to fit."""

    def __init__(self, header: tuple[str, ...] | list[str], options: TableOptions, rows: CsvRows) -> None:
        self._encoding = options.encoding
        self._named_by_user = bool(options.header)  # columns without a name are dropped
        if undecoded := [n for n, name in enumerate(header, 1) if UNDECODED in name]:
            raise HeaderError(f"the header's column {undecoded[0]} {self._undecoded()}")
        self.header = header
        self.plan: Plan = plan_header(header, options)
        preset = options.preset
        as_written = preset is not None and bool(options.header) and options.header == preset.header
        self.widths = preset.widths if preset is not None and as_written else (len(header),)
        rows.widths = self.widths

    def reject(self, row: Row) -> Reject | None:
        """Return the rejection of a row that does not fit the header, or None."""
        if len(row.cells) not in self.widths:
            expected = " or ".join(map(str, self.widths))
            return Reject("cells", row.line_no, f"{len(row.cells)} cells where the header has {expected}")
        for n, cell in enumerate(row.cells):
            if UNDECODED in cell:
                reason = "undecodable" if self._encoding else "not_utf8"
                return Reject(reason, row.line_no, f"cell {n + 1} ({self.header[n]}) {self._undecoded()}")
            if n > 0 and not self.header[n] and cell.strip() and not self._named_by_user:
                return Reject(
                    "cells", row.line_no, f"cell {n + 1} is {excerpt(cell)}, but the header has no name for its column"
                )
        return None

    def cells(self, row: Row) -> dict[str, object]:
        """Return the cells of a row by column, without empty ones."""
        return {name: text for name, cell in zip(self.header, row.cells, strict=False) if (text := cell.strip())}

    def _undecoded(self) -> str:
        return (
            f"has bytes that are not {self._encoding or 'UTF-8'}: "
            f"name the file's encoding with --encoding, such as --encoding cp1252"
        )


def _delimiter_hint(header: str) -> str:
    """Return advice if the quoted cells of a header are separated by something else than the delimiter."""
    marks = ((";", "';'"), ("|", "'|'"), (",", "','"), (r"\t", "tab"))
    found = next((name for mark, name in marks if f'"{mark}"' in header), "")
    return f": name what separates its columns with --delimiter {found}" if found else ""


def _separator(row: Row) -> str:
    """Return the delimiter of Excel's first line `sep=`, or '' for another line."""
    text = row.cells[0].lower()
    if not text.startswith(_SEPARATOR):
        return ""
    if len(row.cells) == 2 and text == _SEPARATOR and not row.cells[1]:
        return ","
    return text[len(_SEPARATOR) :] if len(row.cells) == 1 and len(text) == len(_SEPARATOR) + 1 else ""


def read_jsonl(
    lines: Iterable[bytes], options: TableOptions, missing_keys: MissingKeys | None = None
) -> Iterator[Outcome]:
    """Yield one outcome per line, each a JSON object in UTF-8. Objects under `ids` and `properties` are kept.

    A mapped key may be a member of an object, such as `message.headers.message-id`. `missing_keys` observes each line.
    Reasons of rejection: not_json (or not UTF-8), not_an_object, bad_number, bad_time, missing_field, two_values; of
    skipping: blank, left_out.
    """
    reader = RowReader(options)
    plans: dict[tuple[str, ...], Plan] = {}
    for line_no, line in enumerate(lines, 1):
        if not line.strip():
            yield Skip("blank")
            continue
        try:
            row = msgspec.json.decode(line.removeprefix(b"\xef\xbb\xbf"))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            yield Reject("not_json", line_no, describe_json_error(line.removeprefix(b"\xef\xbb\xbf")))
            continue
        if not isinstance(row, dict):
            text = excerpt(line.decode("utf-8", "replace"))
            hint = ": write one object per line (jq -c '.[]' does)" if isinstance(row, list) else ""
            yield Reject("not_an_object", line_no, f"{text} is not a JSON object{hint}")
            continue
        if missing_keys is not None:
            missing_keys.observe(row)
        keys = tuple(row)
        if (plan := plans.get(keys)) is None:
            if len(plans) >= _PLANS:
                plans.clear()
            plan = plans[keys] = plan_columns(keys, options)
        yield reader.read(row, plan, line_no)
