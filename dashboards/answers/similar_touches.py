"""Touches that look alike to a person, such as one mail to ten receivers, are one line with a number."""

from collections.abc import Sequence
from itertools import groupby

from dashboards.answers.timeline import Entry
from schemas.channels import CHANNELS


def about(entry: Entry) -> str:
    """Return a touch in one line, by the columns that its channel declares for it."""
    model = CHANNELS.get(entry.channel)
    names = model.SUMMARY if model else tuple(entry.about)
    parts = [_with_unit(name, entry.about[name]) for name in names if name in entry.about]
    return ", ".join(parts) or str(entry.about.get(model.SUMMARY_ELSE if model else "", "-"))


def _with_unit(name: str, value: str | float) -> str:
    return f"{value:.0f} {name.rpartition('_')[2]}" if isinstance(value, float) else value


def alike(entries: Sequence[Entry]) -> list[tuple[Entry, int]]:
    """Each run of entries that would be drawn alike, by its first one, and how many they are."""
    runs = [list(run) for _, run in groupby(entries, key=_looks)]
    return [(run[0], len(run)) for run in runs]


def _looks(one: Entry) -> tuple[object, ...]:
    notes = (one.bot, one.too_late, one.beyond_window, one.flags)
    return one.occurred_ms // 1000, one.channel, one.type, about(one), one.weight, notes


def times(text: str, number: int) -> str:
    """The text, with how often it came if that is more than once."""
    return f"{text} ×{number}" if number > 1 else text
