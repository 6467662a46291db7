"""Importer of a bank's call log (tab separated, with a header line, one line per call) into the channel `calls`.

The layout is that of the "Anonymous Bank" data (Technion; see `sources/recordings/README.md`): 17 columns, times of day
as `h:mm:ss` local time of which the hour may pass 24, durations in seconds, `0` for an unknown caller.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from schemas.plural import counted
from sources.line_ids import LineIds
from sources.outcome import Emit, Outcome, RawTouch, Reject, Skip, excerpt
from sources.tables.zones import find_zone, to_epoch_ms

_COLUMNS = """vru+line call_id customer_id priority type date vru_entry vru_exit vru_time
    q_start q_exit q_time outcome ser_start ser_exit ser_time server"""
COLUMNS: Final = tuple(_COLUMNS.split())

TYPES: Final = {"AGENT": "answered", "HANG": "abandoned", "PHANTOM": "missed"}
"""A phantom call waited in a queue and has no agent, so it counts as missed. `outcome` keeps the log's word."""

_LAST_YEAR_OF_1900 = 69  # two digits: 69-99 are 19xx, as in POSIX


@dataclass(frozen=True, slots=True)
class CallLogOptions:
    """Options of the importer of call logs. `zone`: IANA name of the call centre's time zone."""

    zone: str = "Asia/Jerusalem"

    def __post_init__(self) -> None:
        """Raise `ValueError` with a message for the user if the zone does not exist."""
        find_zone(self.zone)


class _MalformedError(Exception):
    """(reason, detail) of a line; never leaves this module."""


def read_call_log(lines: Iterable[bytes], options: CallLogOptions) -> Iterator[Outcome]:
    """Yield one outcome per line, except for header lines.

    Reasons of rejection: not_utf8, columns (not 17), bad_date, bad_time, bad_number, unknown_outcome, bad_customer.
    Notes: unknown_caller (0), damaged_caller (a number that a spreadsheet rounded, like 6.02701E+11: it may stand for
    several customers, so it is kept as a property and not as an identifier), no_agent.
    """
    ids = LineIds("call-log")
    zone = find_zone(options.zone)
    for line_no, line in enumerate(lines, 1):
        try:
            text = line.rstrip(b"\r\n").decode("utf-8")
        except UnicodeDecodeError as error:
            yield Reject("not_utf8", line_no, f"byte {error.start + 1} is not UTF-8")
            continue
        if not text.strip():
            yield Skip("blank")
        elif text.startswith(COLUMNS[0] + "\t"):
            continue
        else:
            yield _outcome(text, line, line_no, zone, ids)


def _outcome(text: str, line: bytes, line_no: int, zone: ZoneInfo, ids: LineIds) -> Outcome:
    cells = text.split("\t")
    if len(cells) != len(COLUMNS):
        return Reject("columns", line_no, f"{counted(len(cells), 'column')}, not {len(COLUMNS)}: {excerpt(text)}")
    try:
        touch, notes = _touch(dict(zip(COLUMNS, cells, strict=True)), zone)
    except _MalformedError as malformed:
        reason, detail = malformed.args
        return Reject(reason, line_no, detail)
    return Emit("calls", {"event_id": ids.next(line), **touch}, notes, line_no)


def _touch(cells: dict[str, str], zone: ZoneInfo) -> tuple[RawTouch, tuple[str, ...]]:
    kind = TYPES.get(cells["outcome"])
    if kind is None:
        raise _MalformedError(
            "unknown_outcome", f"outcome is {excerpt(cells['outcome'])}, not one of {', '.join(TYPES)}"
        )
    service_s, wait_s = _seconds(cells, "ser_time"), _seconds(cells, "q_time")
    properties: dict[str, object] = {
        "line": cells["vru+line"],
        "call_id": cells["call_id"],
        "priority": cells["priority"],
        "vru_s": _whole(cells, "vru_time"),  # the recording has a few below zero, where its clocks disagree
    }
    touch: RawTouch = {
        "type": kind,
        "occurred_at": _occurred_at_ms(cells, zone),
        "direction": "inbound",
        "source": "call-log",
        "wait_s": wait_s,
        "outcome": cells["outcome"].lower(),
        "queue": cells["type"],
        "properties": properties,
    }
    if kind == "answered":
        touch["duration_s"] = service_s
    elif service_s:
        properties["service_s"] = service_s  # the call was connected, but the log names no agent
    caller, notes = _caller(cells["customer_id"])
    (properties if "damaged_caller" in notes else touch).update(caller)
    if cells["server"] not in ("", "NO_SERVER"):
        touch["agent"] = cells["server"]
    elif kind == "answered":
        notes = (*notes, "no_agent")
    return touch, notes


def _caller(text: str) -> tuple[dict[str, object], tuple[str, ...]]:
    """Return the caller's identifier, or the property that keeps a damaged one, and the notes."""
    if text == "0":
        return {}, ("unknown_caller",)
    if text.isascii() and text.isdigit():
        return {"customer_id": text}, ()
    try:
        float(text)
    except ValueError:
        raise _MalformedError("bad_customer", f"customer_id is {excerpt(text)}, not a number") from None
    return {"damaged_customer_id": text}, ("damaged_caller",)


def _occurred_at_ms(cells: dict[str, str], zone: ZoneInfo) -> int:
    """Return the time of the call: local time `vru_entry` of `date` (yymmdd); 24:00:10 is 00:00:10 of the next day."""
    date, clock = cells["date"], cells["vru_entry"]
    try:
        if len(date) != 6 or not (date.isascii() and date.isdigit()):
            raise ValueError
        century = 1900 if int(date[:2]) >= _LAST_YEAR_OF_1900 else 2000
        midnight = datetime(century + int(date[:2]), int(date[2:4]), int(date[4:]))
    except ValueError:
        raise _MalformedError("bad_date", f"date is {excerpt(date)}, not yymmdd") from None
    parts = clock.split(":")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) <= 2 for part in parts):
        raise _MalformedError("bad_time", f"vru_entry is {excerpt(clock)}, not h:mm:ss")
    hours, minutes, seconds = (int(part) for part in parts)
    if hours > 47 or minutes > 59 or seconds > 59:
        raise _MalformedError("bad_time", f"vru_entry is {excerpt(clock)}, which is not a time of day")
    local = midnight + timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return to_epoch_ms(local, zone)


def _whole(cells: dict[str, str], column: str) -> int:
    text = cells[column]
    if not text.isascii() or not text.removeprefix("-").isdigit() or len(text) > 9:
        raise _MalformedError("bad_number", f"{column} is {excerpt(text)}, not a number of seconds")
    return int(text)


def _seconds(cells: dict[str, str], column: str) -> int:
    seconds = _whole(cells, column)
    if seconds < 0:
        raise _MalformedError("bad_number", f"{column} is {seconds}, below zero")
    return seconds
