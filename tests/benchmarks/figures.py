"""Figures of a report: how they are found, shown and put into a table."""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

LINE: Final = 100  # characters per line, as in all documents
QUIET_LOAD: Final = 0.5  # runnable processes per core before the start
BUSY: Final = "\n\n**The machine was busy with other things: these are figures of a trial, not of record.**"


def read_figure(report: Mapping[str, Any], *names: str) -> float | None:
    """Return the number at this path; None means that a part of the path is missing or null."""
    found: Any = report
    for name in names:
        if not isinstance(found, Mapping) or found.get(name) is None:
            return None
        found = found[name]
    return float(found)


def show(value: float) -> str:
    """Return a figure with its significant digits."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def fill(text: str) -> str:
    """Return a paragraph in lines of at most 100 characters."""
    return textwrap.fill(text, LINE, break_long_words=False, break_on_hyphens=False)


def warn_if_busy(load: float, cores: int) -> str:
    """Return a paragraph for figures of a machine that was not quiet; '' for one that was."""
    return BUSY if load > QUIET_LOAD * cores else ""
