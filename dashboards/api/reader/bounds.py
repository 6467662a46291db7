"""Bounds of one statement: time, rows of the result, and bytes that are read."""

from dataclasses import dataclass
from typing import Final

READONLY: Final = 164  # the code with which a user with readonly=1 is refused any setting


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits that are sent with a statement as settings; the engine ends a statement that exceeds one."""

    time_s: float
    result_rows: int = 100_000
    result_bytes: int = 64 << 20
    read_bytes: int = 16 << 30

    def settings(self) -> dict[str, object]:
        """Return the settings."""
        return {
            "max_execution_time": self.time_s,
            "max_result_rows": self.result_rows,
            "max_result_bytes": self.result_bytes,
            "max_bytes_to_read": self.read_bytes,
            "timeout_overflow_mode": "throw",
            "result_overflow_mode": "throw",
            "read_overflow_mode": "throw",
        }
