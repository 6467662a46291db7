"""Tables of touches: CSV with a header line, and JSON Lines. Each row is one touch of the channel that is named.

A row without an `event_id` gets one made from the touch that it becomes and from how many equal ones came before it in
the file: the same text means something else under another header, mapping or channel.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from schemas.channels import CHANNELS
from sources.fields import NESTED, NUMBERS, TIMES, known, needed
from sources.line_ids import LineIds
from sources.outcomes import Emit, Outcome, RawTouch, Reject, Skip, excerpt
from sources.zones import find_zone, instant_ms

_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,9})?")
_canonical = msgspec.json.Encoder(order="deterministic")


@dataclass(frozen=True, slots=True)
class TableOptions:
    """How rows become touches.

    `columns`: column (or JSON key) to field, for those that are not called like the field; a field is one of
    `sources.fields.known(channel)`, `ids.NAME` or `properties.NAME`. Other columns are kept under `properties`,
    unless `rest` is False. `constants`: field to value for what the table does not say (`{"type": "opened"}`).
    `zone`: of times that have none; without it they are refused. `delimiter`: of CSV.
    """

    channel: str
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    rest: bool = True
    zone: str = ""
    delimiter: str = ","

    def __post_init__(self) -> None:
        """Raises `ValueError`, in words for the one who set the option."""
        if self.channel not in CHANNELS:
            raise ValueError(f"no channel {self.channel!r}: it is one of {', '.join(CHANNELS)}")
        for name in (*self.columns.values(), *self.constants):
            if name not in known(self.channel) and not (name.startswith(NESTED) and name.partition(".")[2]):
                fields = ", ".join(sorted(known(self.channel)))
                raise ValueError(f"{self.channel} have no field {name!r}, only {fields}, ids.NAME and properties.NAME")
        if len(self.delimiter) != 1:
            raise ValueError(f"the delimiter must be one character, not {self.delimiter!r}")
        if self.zone:
            find_zone(self.zone)


class WrongHeader(ValueError):
    """A mapped column that the table does not have; says which it has."""


def read_csv(lines: Iterable[bytes], options: TableOptions) -> Iterator[Outcome]:
    """One outcome per row behind the header. `Reject.line_no` is the line on which the row ends.

    Rejected: not_utf8, cells (another number than the header has), bad_csv, bad_number, bad_time, missing_field.
    Skipped: blank. Raises `WrongHeader`.
    """
    ids = LineIds("table")
    rows = csv.reader(_decoded(lines), delimiter=options.delimiter, strict=True)
    header: list[str] | None = None
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Reject("bad_csv", rows.line_num, str(error))
            continue
        if header is None:
            header = _header(row, options)
        elif not any(cell.strip() for cell in row):
            yield Skip("blank")
        elif len(row) != len(header):
            yield Reject("cells", rows.line_num, f"{len(row)} cells where the header has {len(header)}")
        elif any("\udc80" <= char <= "\udcff" for cell in row for char in cell):
            yield Reject("not_utf8", rows.line_num, "the row has bytes that are not UTF-8")
        else:
            cells = {name: cell.strip() for name, cell in zip(header, row, strict=True) if cell.strip()}
            yield _outcome(cells, rows.line_num, options, ids)


def read_jsonl(lines: Iterable[bytes], options: TableOptions) -> Iterator[Outcome]:
    """One outcome per line, each a JSON object. Objects under `ids` and `properties` are taken as they are.

    Rejected: not_json (or not UTF-8), not_an_object, bad_number, bad_time, missing_field. Skipped: blank.
    """
    ids = LineIds("table")
    for line_no, line in enumerate(lines, 1):
        if not line.strip():
            yield Skip("blank")
            continue
        try:
            row = msgspec.json.decode(line.removeprefix(b"\xef\xbb\xbf"))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            yield Reject("not_json", line_no, str(error)[:200])
            continue
        if isinstance(row, dict):
            yield _outcome(row, line_no, options, ids)
        else:
            yield Reject("not_an_object", line_no, f"{excerpt(line.decode('utf-8', 'replace'))} is no JSON object")


def _decoded(lines: Iterable[bytes]) -> Iterator[str]:
    # Undecodable bytes travel as lone surrogates, so that only the rows that have them are refused.
    for n, line in enumerate(lines):
        yield (line.removeprefix(b"\xef\xbb\xbf") if n == 0 else line).decode("utf-8", "surrogateescape")


def _header(row: list[str], options: TableOptions) -> list[str]:
    header = [cell.strip() for cell in row]
    if missing := [name for name in options.columns if name not in header]:
        raise WrongHeader(f"the table has no column {', '.join(map(repr, missing))}: its header is {', '.join(header)}")
    if len(set(header)) != len(header):
        raise WrongHeader(f"the table has two columns of one name: its header is {', '.join(header)}")
    return header


class _MalformedError(Exception):
    """(reason, detail) of a row; never leaves this module."""


def _outcome(cells: Mapping[str, object], line_no: int, options: TableOptions, ids: LineIds) -> Outcome:
    try:
        touch = _touch(cells, options)
    except _MalformedError as malformed:
        reason, detail = malformed.args
        return Reject(reason, line_no, detail)
    if not touch.get("event_id"):
        touch["event_id"] = ids.next(_canonical.encode([options.channel, touch]))
    return Emit(options.channel, touch, line_no=line_no)


def _touch(cells: Mapping[str, object], options: TableOptions) -> RawTouch:
    fields = known(options.channel)
    touch: RawTouch = {}
    for name, constant in options.constants.items():
        _put(touch, name, constant, options.zone)
    for name, value in cells.items():
        target = options.columns.get(name, name)
        if name in ("ids", "properties") and isinstance(value, dict):
            for inner, one in value.items():
                _put(touch, f"{name}.{inner}", one, options.zone)
        elif target in fields or target.startswith(NESTED):
            _put(touch, target, value, options.zone)
        elif options.rest:
            _put(touch, f"properties.{name}", value, options.zone)
    for name in needed(options.channel):
        if touch.get(name) in (None, ""):
            raise _MalformedError("missing_field", f"no {name}: map a column to it, or give one value for all rows")
    return touch


def _put(touch: RawTouch, name: str, value: object, zone: str) -> None:
    if name.startswith(NESTED):
        group, _, inner = name.partition(".")
        nested = touch.setdefault(group, {})
        assert isinstance(nested, dict)  # only this function makes it
        nested[inner] = value
    elif isinstance(value, str) and name in NUMBERS:
        touch[name] = _number(name, value)
    elif isinstance(value, str) and name in TIMES:
        touch[name] = _time(name, value, zone)
    else:
        touch[name] = int(value) if name == "schema_version" and isinstance(value, str) and value.isdigit() else value


def _number(name: str, text: str) -> int | float:
    if not _NUMBER.fullmatch(text):
        raise _MalformedError("bad_number", f"{name} is {excerpt(text)}, not a number like 12 or 12.5")
    return float(text) if "." in text else int(text)


def _time(name: str, text: str, zone: str) -> int | str:
    """Digits are milliseconds since 1970; anything else is ISO 8601, local time of `zone` when it names none itself."""
    if text.isascii() and text.removeprefix("-").isdigit() and len(text) > 8:
        return int(text[:18])
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise _MalformedError("bad_time", f"{name} is {excerpt(text)}, not like 2024-03-01T10:00:00Z") from None
    if at.tzinfo is not None:
        return text
    if not zone:
        raise _MalformedError(
            "bad_time", f"{name} is {excerpt(text)} without a zone: say which one the table's times are in"
        )
    return instant_ms(at, find_zone(zone))
