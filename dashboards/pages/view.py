"""The state of a page as its address has it: range, zone, channels, comparison.

A value that is not known falls back to the default, and `notes` says so on the page. `query` writes the address of the
same page with some values changed, which is what its links are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from schemas.channels import CHANNELS
from schemas.timestamps import EARLIEST_MS, END_MS

_MINUTE: Final = 60_000
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR
RANGES: Final = {"15m": 15 * _MINUTE, "1h": _HOUR, "24h": _DAY, "7d": 7 * _DAY, "30d": 30 * _DAY, "90d": 90 * _DAY}
LABELS: Final = {"15m": "15 min", "1h": "1 h", "24h": "24 h", "7d": "7 d", "30d": "30 d", "90d": "90 d"}
LONG_LABELS: Final = {
    "15m": "last 15 minutes",
    "1h": "last hour",
    "24h": "last 24 hours",
    "7d": "last 7 days",
    "30d": "last 30 days",
    "90d": "last 90 days",
}
COOKIE: Final = "tz"  # the viewer's zone, which `static/zone.js` keeps
_LONGEST_ZONE: Final = 64
_FAR_YEAR: Final = 2070


@dataclass(frozen=True, slots=True)
class View:
    """What is asked for. `from_ms` is included, `to_ms` is not.

    `range` is a key of `RANGES`, or "" for a time between two dates. `channels` is empty if all are shown.
    `given` has the parameters of the address that are understood.
    """

    path: str
    range: str
    from_ms: int
    to_ms: int
    zone: tzinfo
    zone_name: str
    channels: tuple[str, ...]
    compare: bool
    notes: tuple[str, ...]
    given: Mapping[str, str]

    def query(self, **changed: str) -> str:
        """Return the address of this page with some values changed; an empty value takes a parameter away."""
        if "range" in changed:
            changed = {"from": "", "to": "", **changed}
        values = {name: value for name, value in {**self.given, **changed}.items() if value}
        return f"{self.path}?{urlencode(values, safe=',:')}" if values else self.path

    @property
    def range_text(self) -> str:
        """Return the range in words: 'last 15 minutes'."""
        return LONG_LABELS.get(self.range, "chosen dates")


def read_view(
    path: str,
    query: Mapping[str, str],
    *,
    at_ms: int,
    default: str = "24h",
    cookie_zone: str = "",
    known: tuple[str, ...] = (),
) -> View:
    """Return the state that an address has at a time. `known` are further parameters that the page understands."""
    notes: list[str] = []
    zone_name, zone = _zone(query.get("tz", ""), cookie_zone, notes)
    chosen, from_ms, to_ms = _range(query, at_ms, default, zone, notes)
    channels = _channels(query.get("channel", ""), notes)
    compare = query.get("compare", "")
    if compare not in ("", "week", "none"):
        notes.append(f"The comparison “{compare[:40]}” is not known: use compare=week or compare=none.")
    understood = ("range", "from", "to", "tz", "channel", "compare", *known)
    given = {name: query[name] for name in understood if query.get(name)}
    if not chosen:
        given.pop("range", None)
    elif chosen != query.get("range"):
        given = {name: value for name, value in given.items() if name not in ("range", "from", "to")}
    return View(path, chosen, from_ms, to_ms, zone, zone_name, channels, compare != "none", tuple(notes), given)


def _zone(asked: str, kept: str, notes: list[str]) -> tuple[str, tzinfo]:
    """Return (name, zone): the one of the address, else that of the browser, else UTC."""
    for name in (asked, kept):
        if name and len(name) <= _LONGEST_ZONE:
            try:
                return name, ZoneInfo(name)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                pass
        if name and name == asked:
            notes.append(f"The time zone “{asked[:_LONGEST_ZONE]}” is not known: use a name such as Europe/Berlin.")
    return "UTC", UTC


def _range(query: Mapping[str, str], at_ms: int, default: str, zone: tzinfo, notes: list[str]) -> tuple[str, int, int]:
    """Return (key of the range or "", from, to)."""
    if query.get("from"):
        first, last = _date(query["from"], zone), _date(query.get("to", ""), zone)
        last = at_ms if last is None and not query.get("to") else last
        if first is None or last is None:
            notes.append("The dates are not understood: write from=2026-11-01&to=2026-12-01.")
        elif not all(EARLIEST_MS <= ms < END_MS for ms in (first, last)):
            notes.append("There are only touches from 1990 to 2069: choose dates of these years.")
        elif first >= last:
            notes.append("The dates are in the wrong order: write the earlier one as from and the later one as to.")
        else:
            return "", first, last
    asked = query.get("range", "")
    if asked and asked not in RANGES:
        notes.append(f"The range “{asked[:40]}” is not known: use one of {', '.join(RANGES)}.")
    chosen = asked if asked in RANGES else default
    return chosen, at_ms - RANGES[chosen], at_ms


def _date(text: str, zone: tzinfo) -> int | None:
    """Return the milliseconds of an ISO date or time in the zone, None if it is none. Years that no calendar of the
    system reaches are before or after all touches.
    """
    try:
        then = datetime.fromisoformat(text)
    except ValueError:
        return None
    if then.tzinfo is None:
        then = then.replace(tzinfo=zone)
    try:
        return round(then.timestamp() * 1000)
    except (OverflowError, ValueError):
        return 0 if then.year < _FAR_YEAR else END_MS


def _channels(text: str, notes: list[str]) -> tuple[str, ...]:
    """Return the channels that are named, in the order of the product."""
    asked = {part for part in text.split(",") if part}
    if unknown := sorted(asked - CHANNELS.keys()):
        notes.append(f"The channel “{unknown[0][:40]}” is not known: use some of {', '.join(CHANNELS)}.")
    return tuple(name for name in CHANNELS if name in asked)
