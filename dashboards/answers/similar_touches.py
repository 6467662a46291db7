"""Grouping of similar touches, such as one mail to ten receivers, into one line with a count."""

from collections.abc import Sequence
from itertools import groupby

from dashboards.answers.timeline import Entry
from schemas.channels import CHANNELS


def summarise(entry: Entry) -> str:
    """Return a touch in one line, by the columns that its channel declares for it."""
    model = CHANNELS.get(entry.channel)
    names = model.SUMMARY if model else tuple(entry.about)
    parts = [
        _with_unit(name, entry, model.UNITS.get(name, "") if model else "") for name in names if name in entry.about
    ]
    return ", ".join(parts) or str(entry.about.get(model.SUMMARY_ELSE if model else "", "-"))


def _with_unit(name: str, entry: Entry, unit_column: str) -> str:
    """Return a value with its unit: `25.90 EUR`, `9 of 10`, `184 s`."""
    value, unit = entry.about[name], entry.about.get(unit_column, "")
    if not isinstance(value, float):
        return f"{value} {unit}".rstrip()
    if unit_column:
        return f"{value:g} of {unit:g}" if isinstance(unit, float) else f"{value:g}"
    return f"{value:.0f} {name.rpartition('_')[2]}"


def group_similar(entries: Sequence[Entry]) -> list[tuple[Entry, int]]:
    """Return the first entry and the length of each run of entries that look the same."""
    runs = [list(run) for _, run in groupby(entries, key=_appearance)]
    return [(run[0], len(run)) for run in runs]


def _appearance(one: Entry) -> tuple[object, ...]:
    notes = (one.bot, one.too_late, one.beyond_window, one.flags)
    return one.occurred_ms // 1000, one.channel, one.type, summarise(one), one.weight, notes


def with_count(text: str, number: int) -> str:
    """Return the text, with a count if it is more than 1."""
    return f"{text} ×{number}" if number > 1 else text
