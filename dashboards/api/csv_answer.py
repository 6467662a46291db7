"""Rows as CSV (RFC 4180), for spreadsheets.

Nested values become columns such as `score.net`, tables and lists one cell of JSON. A text that a spreadsheet would
run as a formula gets an apostrophe before it (OWASP, "CSV Injection").
"""

import csv
import dataclasses
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final, get_type_hints

import msgspec

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def write_csv(rows: Iterable[object]) -> bytes:
    """Return dataclasses of one type as CSV with a header, in UTF-8; nothing at all for no rows."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    header: list[str] = []
    for row in rows:
        cells = dict(_cells("", row))
        if not header:
            header = list(cells)
            writer.writerow(header)
        writer.writerow([_cell(cells.get(name)) for name in header])
    return text.getvalue().encode()


def write_header(kind: type) -> bytes:
    """Return the header of the CSV of a dataclass, for an answer without rows."""
    return (",".join(_columns("", kind)) + "\r\n").encode()


def _columns(prefix: str, kind: type) -> Iterator[str]:
    hints = get_type_hints(kind)
    for field in dataclasses.fields(kind):
        inner = hints[field.name]
        if dataclasses.is_dataclass(inner) and isinstance(inner, type):
            yield from _columns(f"{prefix}{field.name}.", inner)
        else:
            yield f"{prefix}{field.name}"


def _cells(prefix: str, row: object) -> Iterator[tuple[str, Any]]:
    if not dataclasses.is_dataclass(row):
        raise TypeError(f"a row of CSV is a dataclass, not {type(row).__name__}")
    for field in dataclasses.fields(row):
        value = getattr(row, field.name)
        if dataclasses.is_dataclass(value):
            yield from _cells(f"{prefix}{field.name}.", value)
        else:
            yield f"{prefix}{field.name}", value


def _cell(value: Any) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return value
    if isinstance(value, str):
        text = value
    elif isinstance(value, date):
        text = value.isoformat()
    elif isinstance(value, Mapping) or not value:
        text = msgspec.json.encode(value).decode() if value else ""
    else:
        text = msgspec.json.encode(value).decode()
    return f"'{text}" if text.startswith(_FORMULA) else text
