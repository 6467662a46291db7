"""What the store has done, as plain numbers."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Counters:
    """Since the start of this process; by table where it says so."""

    rows: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    inserts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    insert_s: dict[str, float] = field(default_factory=lambda: defaultdict(float))  # with the time spent trying again
    dropped: dict[str, int] = field(
        default_factory=lambda: defaultdict(int)
    )  # blocks that were replays, in whole or in part
    refused: dict[str, int] = field(default_factory=lambda: defaultdict(int))  # rows
    unreadable: int = 0  # timeline records that are no blocks
    quarantined: int = 0  # rows written to `quarantine`

    def add_insert(self, table: str, rows: int, seconds: float) -> None:
        """One insert that succeeded."""
        self.rows[table] += rows
        self.inserts[table] += 1
        self.insert_s[table] += seconds

    def add_dropped(self, by_table: Mapping[str, int]) -> None:
        """Blocks that brought nothing new."""
        for table, blocks in by_table.items():
            self.dropped[table] += blocks

    def add_refused(self, table: str, rows: int) -> None:
        """Rows that ClickHouse did not want."""
        self.refused[table] += rows
