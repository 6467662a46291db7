"""The options of a rebuild and its report."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from sinks.rebuild.restore_reach import Unreachable

TABLES: Final = (
    "events", "touches_by_minute", "touches_by_hour", "profiles", "score_history", "session_pieces", "identities",
    "identity_children", "quarantine",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done. `since_ms`: Kafka is read from what arrived then; `change` False: only looked."""

    tables: Sequence[str] = TABLES
    since_ms: int | None = None
    change: bool = True


@dataclass(slots=True)
class Report:
    """`rows`: what was missing, by table. `beyond`: a sentence about each thing that was not brought back."""

    rows: dict[str, int] = field(default_factory=dict)
    beyond: list[str] = field(default_factory=list)
    read: dict[str, int] = field(default_factory=dict)
    dropped_parts: list[str] = field(default_factory=list)
    changed: bool = True
    seconds: float = 0.0

    def add(self, table: str, rows: int) -> None:
        """Two steps of one table find different rows, unless nothing is changed: then they may find the same ones."""
        before = self.rows.get(table, 0)
        self.rows[table] = before + rows if self.changed else max(before, rows)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def describe_missing(missing: Unreachable, begins: str, wanted: Wanted) -> str:
    """One sentence on touches that were not put back. `begins`: where Kafka's records begin, in words."""
    whose = f"{missing.touches:,} touches of {missing.identifiers:,} identifier{'s' * (missing.identifiers != 1)}"
    nobodys = max(0, missing.counted - missing.touches)
    if not missing.touches:
        whose = f"{missing.counted:,} touches"
    elif nobodys:
        whose += f" and {nobodys:,} without an identifier"
    since = f", the earliest of identifiers first seen at {missing.since:%Y-%m-%d %H:%M:%SZ}," if missing.since else ""
    if wanted.since_ms is not None:
        return (
            f"Beyond --since: {whose}{since} are missing from `events` and came before "
            f"{format_time(wanted.since_ms)}: run `touchline rebuild` without --since."
        )
    if set(wanted.tables) != set(TABLES):
        return f"{whose}{since} are missing from `events`: run `touchline rebuild` without --table."
    return (
        f"Beyond reach: {whose}{since} are missing from `events`, and Kafka does not have them any more: "
        f"it begins at {begins}."
    )


def format_time(time_ms: int) -> str:
    """Of ms since 1970, for a person."""
    return f"{datetime.fromtimestamp(time_ms / 1000, UTC):%Y-%m-%d %H:%M:%SZ}"
