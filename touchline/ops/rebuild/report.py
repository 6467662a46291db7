"""The options of a rebuild and its report."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from schemas.plural import counted
from sinks.rebuild.restore_reach import Unreachable

TABLES: Final = (
    "events", "touches_by_minute", "touches_by_hour", "touches_by_day", "campaigns_by_day", "calls_by_hour",
    "quality_by_hour", "profiles", "session_pieces", "identities", "identity_children", "page_times",
    "quarantine", "replayed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RebuildOptions:
    """What a rebuild is to do.

    `since_ms` is when the first records arrived that are read from Kafka; None means all. With `change` False, rows are
    only counted.
    """

    tables: Sequence[str] = TABLES
    since_ms: int | None = None
    change: bool = True


@dataclass(slots=True)
class Report:
    """The result of a rebuild.

    `rows` counts the missing rows by table. `beyond` has a sentence for each loss that could not be restored.
    """

    rows: dict[str, int] = field(default_factory=dict)
    beyond: list[str] = field(default_factory=list)
    read: dict[str, int] = field(default_factory=dict)
    dropped_parts: list[str] = field(default_factory=list)
    changed: bool = True
    seconds: float = 0.0

    def add(self, table: str, rows: int) -> None:
        """Add what one step found. Two steps of a table find different rows, or the same ones if nothing is changed."""
        before = self.rows.get(table, 0)
        self.rows[table] = before + rows if self.changed else max(before, rows)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)


def describe_missing(missing: Unreachable, begins: str, options: RebuildOptions) -> str:
    """Return one sentence on touches that were not restored. `begins` describes where Kafka's records begin."""
    touches = f"{counted(missing.touches, 'touch')} of {counted(missing.identifiers, 'identifier')}"
    anonymous = max(0, missing.counted - missing.touches)
    if not missing.touches:
        touches = counted(missing.counted, "touch")
    elif anonymous:
        touches += f" and {anonymous:,} without an identifier"
    since = f", the earliest of identifiers first seen at {missing.since:%Y-%m-%d %H:%M:%SZ}," if missing.since else ""
    if options.since_ms is not None:
        return (
            f"Beyond --since: {touches}{since} are missing from `events` and came before "
            f"{format_time(options.since_ms)}: run `touchline rebuild` without --since."
        )
    if set(options.tables) != set(TABLES):
        return f"{touches}{since} are missing from `events`: run `touchline rebuild` without --table."
    return (
        f"Beyond reach: {touches}{since} are missing from `events`, and Kafka no longer has them: "
        f"it begins at {begins}."
    )


def format_time(time_ms: int) -> str:
    """Format ms since 1970 for a person."""
    return f"{datetime.fromtimestamp(time_ms / 1000, UTC):%Y-%m-%d %H:%M:%SZ}"
