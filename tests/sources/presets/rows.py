"""Functions that import a few rows of one system's export."""

from collections.abc import Mapping

import msgspec

from sources.outcome import Emit, Outcome, RawTouch
from sources.presets import PRESETS
from sources.tables.options import TableOptions
from sources.tables.reader import read_csv, read_jsonl


def options_of(preset: str, constants: Mapping[str, str] | None = None, **given: object) -> TableOptions:
    """Return the options of a preset with those of a user."""
    one = PRESETS[preset]
    return TableOptions(one.channel, constants=constants or {}, preset=one, **given)  # type: ignore[arg-type]


def csv_rows(text: str, options: TableOptions) -> list[Outcome]:
    """Return the outcomes of a table."""
    return list(read_csv([text.encode()], options))


def json_lines(rows: list[dict[str, object]], options: TableOptions) -> list[Outcome]:
    """Return the outcomes of events."""
    return list(read_jsonl([msgspec.json.encode(row) for row in rows], options))


def touch_of(outcome: Outcome) -> RawTouch:
    """Return the touch of an outcome."""
    assert isinstance(outcome, Emit), outcome
    return outcome.touch
