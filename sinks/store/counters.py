"""Counters of the store stage."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Counters:
    """Counts since the start of this process, by table where they are dictionaries."""

    rows: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    inserts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    insert_s: dict[str, float] = field(default_factory=lambda: defaultdict(float))  # retries included
    dropped: dict[str, int] = field(
        default_factory=lambda: defaultdict(int)
    )  # blocks that are replays, in whole or in part
    refused: dict[str, int] = field(default_factory=lambda: defaultdict(int))  # rows
    unreadable: int = 0  # timeline records that are no blocks

    def add_insert(self, table: str, rows: int, seconds: float) -> None:
        """Count an insert that succeeded."""
        self.rows[table] += rows
        self.inserts[table] += 1
        self.insert_s[table] += seconds

    def add_dropped(self, by_table: Mapping[str, int]) -> None:
        """Count blocks that are replays."""
        for table, blocks in by_table.items():
            self.dropped[table] += blocks

    def add_refused(self, table: str, rows: int) -> None:
        """Count rows that ClickHouse refused."""
        self.refused[table] += rows
