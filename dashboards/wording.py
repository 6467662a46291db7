"""The words that a person reads of a touch: a sentence of what the customer did, and details.

Both come from what the touch's channel declares: TITLES and SUMMARY of its model (schemas.raw_touch).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from string import Formatter
from typing import Final
from urllib.parse import urlsplit

from schemas.channels import CHANNELS
from schemas.raw_touch import RawTouch

Value = str | float
_QUOTED: Final = frozenset({"title", "subject", "text"})  # what somebody wrote
_SEPARATOR: Final = " · "
_MINUTE_S, _HOUR_S = 60, 3600


@dataclass(frozen=True, slots=True)
class Wording:
    """A touch in words: `title` is a sentence whose subject is the customer, `detail` what it leaves out, or ''."""

    title: str
    detail: str


def word(channel: str, type_: str, values: Mapping[str, Value]) -> Wording:
    """Return the words of a touch. `values` has its columns by name, without empty ones; others than `columns` are
    ignored.

    A channel or type that this version does not know is named as it is.
    """
    model = CHANNELS.get(channel)
    if model is None:
        return Wording(f"{channel}: {type_}", "")
    shown = {name: _show(name, values, model.UNITS.get(name, "")) for name in columns(channel) if name in values}
    for sentence in model.TITLES.get(type_, ()):
        named = _named(sentence)
        if named <= shown.keys():
            return Wording(sentence.format_map(shown), _detail(model, shown, named))
    return Wording(type_.replace("_", " ").capitalize(), _detail(model, shown, frozenset()))


@cache
def columns(channel: str) -> tuple[str, ...]:
    """Return the columns that the words of a channel's touches are made of, `campaign` among them."""
    model = CHANNELS[channel]
    in_titles = [name for sentences in model.TITLES.values() for text in sentences for name in sorted(_named(text))]
    names = (*model.SUMMARY, *model.UNITS.values(), model.SUMMARY_ELSE, *in_titles)
    return tuple(dict.fromkeys(name for name in names if name))


def amount_text(amount: Decimal) -> str:
    """Return an amount of money without decimals, or with two at least."""
    places = -int(amount.normalize().as_tuple().exponent)
    return f"{amount:.{max(2, places) if places > 0 else 0}f}"


def duration_text(seconds: float) -> str:
    """Return `0:24`, `8:40` or `1 h 12 min`."""
    whole = round(seconds)
    if whole < _HOUR_S:
        return f"{whole // _MINUTE_S}:{whole % _MINUTE_S:02}"
    return f"{whole // _HOUR_S} h {whole % _HOUR_S // _MINUTE_S} min"


@cache
def _named(sentence: str) -> frozenset[str]:
    """Return the columns that a sentence names."""
    return frozenset(name for _, name, _, _ in Formatter().parse(sentence) if name)


def _detail(model: type[RawTouch], shown: Mapping[str, str], used: frozenset[str]) -> str:
    """Return the columns of SUMMARY that the title does not show, or SUMMARY_ELSE if it shows none either."""
    names = [name for name in model.SUMMARY if name in shown and name not in used]
    if not names and not used and model.SUMMARY_ELSE in shown:
        names = [model.SUMMARY_ELSE]
    return _SEPARATOR.join(_label(name, shown[name]) for name in names)


def _label(name: str, text: str) -> str:
    """Return a value with what it is: `“Spring”`, `/pricing`, `link /autumn`, `outcome callback`, `duration 8:40`."""
    if name in _QUOTED:
        return f"“{text}”"
    if name == "url":
        return text
    noun = name
    for suffix in ("_url", "_id", "_ms", "_s"):
        noun = noun.removesuffix(suffix)
    return f"{noun.replace('_', ' ')} {text}"


def _show(name: str, values: Mapping[str, Value], unit_column: str) -> str:
    """Return a value as text: a path, a duration, an amount with its currency, or a number with the best possible."""
    value, unit = values[name], values.get(unit_column)
    if isinstance(value, str):
        text = _path(value) if name.endswith("url") else value
        return f"{text} {unit}" if isinstance(unit, str) else text
    if name.endswith("_s"):
        return duration_text(value)
    if name.endswith("_ms"):
        return duration_text(value / 1000)
    return f"{value:g} of {unit:g}" if isinstance(unit, float) else f"{value:g}"


def _path(url: str) -> str:
    """Return the path of a URL, which says what page it is; the URL itself if it cannot be read."""
    try:
        return urlsplit(url).path or "/"
    except ValueError:
        return url
