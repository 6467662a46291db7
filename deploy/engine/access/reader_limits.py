"""Limits of one query of a read-only user: time, memory, size of the result."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

# Ranges are computed during the analysis of a statement, where the engine does not check its time limit.
RANGE_ELEMENTS: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class ReaderLimits:
    """`memory_bytes` None means that only the engine's own memory limit applies."""

    time_s: float = 30.0
    result_bytes: int = 256 << 20
    memory_bytes: int | None = None

    def settings(self, requested: Mapping[str, str]) -> dict[str, str]:
        """Return the engine's settings for the limits. A request may ask for less, not for more."""
        memory = {} if self.memory_bytes is None else {"max_memory_usage": self.memory_bytes}
        sizes = {
            "max_result_bytes": self.result_bytes,
            "function_range_max_elements_in_block": RANGE_ELEMENTS,
        } | memory
        held = {name: str(int(_least(requested.get(name, ""), limit))) for name, limit in sizes.items()}
        held["max_execution_time"] = str(_least(requested.get("max_execution_time", ""), self.time_s))
        return held | {"timeout_overflow_mode": "throw", "result_overflow_mode": "throw"}


def _least(requested: str, limit: float) -> float:
    """Return the requested value if it is a number below the limit; 0 means no limit."""
    try:
        wanted = float(requested)
    except ValueError:
        return limit
    return wanted if 0 < wanted < limit else limit
