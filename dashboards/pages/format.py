"""Numbers, durations and times as a page writes them.

Thousands have a thin space, a unit has a no-break space before it, and a negative number has the sign U+2212. The ES
module `static/format.js` writes the same forms for what changes while a page is open.
"""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from schemas import plural

THIN: Final = "\u2009"
SPACE: Final = "\u00a0"
MINUS: Final = "\u2212"
NONE: Final = "–"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_S: Final = 86_400
_NUMBERS: Final = frozenset({"customer_id", "crm", "master_id"})
_SHOWN_ID: Final = 8  # characters of an anonymous id
_STEPS: Final = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e5, "k"))


def whole(number: float) -> str:
    """Return a rounded number with all its digits: '18 204', '−3'."""
    return _signed(f"{round(number):,}")


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: '1 touch', '18 204 touches'."""
    return f"{whole(number)} {plural.counted(number, noun).partition(' ')[2]}"


def short(number: float) -> tuple[str, str]:
    """Return a number as (digits, letter): ('18 204', '') below 100,000, then three digits: ('2.38', 'M')."""
    for least, letter in _STEPS:
        if abs(number) >= least:
            value = number / (1e3 if letter == "k" else least)
            return _signed(f"{value:.{2 if abs(value) < 10 else 1 if abs(value) < 100 else 0}f}"), letter
    return whole(number), ""


def points(number: float) -> str:
    """Return a score with one decimal: '148.2', '−6.1'."""
    return _signed(f"{_without_negative_zero(number, 1):,.1f}")


def change(number: float, decimals: int = 0) -> str:
    """Return a difference with its sign: '+17', '−0.6', '0'."""
    value = _without_negative_zero(number, decimals)
    return "0" if value == 0 else _signed(f"{value:+,.{decimals}f}")


def percent(share: float, decimals: int = 1) -> str:
    """Return a share of 1 as a percentage: '31.4 %'."""
    return _signed(f"{_without_negative_zero(share * 100, decimals):.{decimals}f}") + SPACE + "%"


def rate(per_s: float) -> str:
    """Return a rate with the digits that matter: '67', '4.2', '0.05'."""
    return whole(per_s) if abs(per_s) >= 10 else _signed(f"{per_s:.{1 if abs(per_s) >= 1 else 2}f}")


def size(size_bytes: float) -> str:
    """Return a number of bytes in its unit: '12 kB', '4.1 GB'."""
    value = size_bytes
    for unit in ("B", "kB", "MB", "GB"):
        if abs(value) < 1000:
            return f"{value:.{0 if unit in ('B', 'kB') or value >= 100 else 1}f}{SPACE}{unit}"
        value /= 1000
    return f"{value:.1f}{SPACE}TB"


def duration(seconds: float) -> str:
    """Return a length of time: '0:24', '8:40', '1 h 12 min', '3 d'."""
    total = round(seconds)
    if total < 3600:
        return f"{total // 60}:{total % 60:02}"
    if total < 2 * _DAY_S:
        return f"{total // 3600}{SPACE}h {total % 3600 // 60}{SPACE}min"
    return f"{total // _DAY_S}{SPACE}d"


def instant(ms: int, zone: tzinfo) -> datetime:
    """Return the time of a number of milliseconds since 1970, in a zone."""
    return (_EPOCH + timedelta(milliseconds=ms)).astimezone(zone)


def clock(ms: int, zone: tzinfo) -> str:
    """Return the time of day: '14:12'."""
    return f"{instant(ms, zone):%H:%M}"


def day(ms: int, zone: tzinfo, now_ms: int) -> str:
    """Return the day: 'Today', 'Yesterday', 'Saturday 28 November', with the year if it is another one."""
    then, now = instant(ms, zone), instant(now_ms, zone)
    apart = (now.date() - then.date()).days
    if apart in (0, 1):
        return "Yesterday" if apart else "Today"
    return f"{then:%A} {then.day} {then:%B}" + (f" {then.year}" if then.year != now.year else "")


def short_day(ms: int, zone: tzinfo) -> str:
    """Return the day for the axis of a chart or a table: '7 Dec'."""
    then = instant(ms, zone)
    return f"{then.day} {then:%b}"


def ago(ms: int, zone: tzinfo, now_ms: int) -> str:
    """Return a past time as a reader finds it fastest: 'now', '4 s ago', '7 min ago', '14:12', '28 November'."""
    apart_s = (now_ms - ms) // 1000
    if apart_s < 2:
        return "now" if apart_s > -2 else f"{day(ms, zone, now_ms)}, {clock(ms, zone)}"
    if apart_s < 60:
        return f"{apart_s}{SPACE}s ago"
    if apart_s < 3600:
        return f"{apart_s // 60}{SPACE}min ago"
    then, now = instant(ms, zone), instant(now_ms, zone)
    if then.date() == now.date():
        return clock(ms, zone)
    return f"{then.day} {then:%B}" + (f" {then.year}" if then.year != now.year else "")


def person(identifier: str, name: str = "") -> str:
    """Return what a customer is called: by name, else by the identifier without its kind.

    An anonymous id says nothing: its beginning tells visitors apart.
    """
    if name:
        return name
    kind, separator, value = identifier.partition(":")
    if kind == "anonymous_id":
        return f"Visitor {value[:_SHOWN_ID]}" + ("…" if len(value) > _SHOWN_ID else "")
    if kind in _NUMBERS:
        return f"Customer {value}"
    return value if separator else identifier


def full(ms: int, zone: tzinfo) -> str:
    """Return a time to the second with its zone, for the title of a time: 'Tue 1 December 2026, 14:12:03 CET'."""
    then = instant(ms, zone)
    return f"{then:%a} {then.day} {then:%B %Y, %H:%M:%S} {then:%Z}"


def machine(ms: int) -> str:
    """Return a time in UTC for the attribute `datetime`: '2026-12-01T13:12:03.120Z'."""
    return instant(ms, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _signed(text: str) -> str:
    return text.replace("-", MINUS).replace(",", THIN)


def _without_negative_zero(number: float, decimals: int) -> float:
    return round(number, decimals) + 0.0
