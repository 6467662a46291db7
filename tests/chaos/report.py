"""Progress lines on stderr, and the report: one line of JSON."""

import json
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

_BEGUN_S: Final = time.monotonic()


def print_progress(text: str) -> None:
    """Print a line with the seconds since the start."""
    print(f"{time.monotonic() - _BEGUN_S:6.1f} s  {text}", file=sys.stderr, flush=True)


@dataclass
class Report:
    """The sums over all rounds. `wrongs` counts rows by kind, as `compare` does."""

    seed: int
    rounds: int = 0
    touches: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)  # faults whose moment did not occur
    exits: Counter[int] = field(default_factory=Counter)
    wrongs: Counter[str] = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)
    drift: float = 0.0
    peaks_mb: dict[str, float] = field(default_factory=dict)  # largest resident set size of a process, by role
    figures: dict[str, Any] = field(default_factory=dict)  # measurements of the scenarios

    def note_memory(self, peaks_mb: Mapping[str, float]) -> None:
        """Keep the largest value of each role."""
        for role, peak_mb in peaks_mb.items():
            self.peaks_mb[role] = max(peak_mb, self.peaks_mb.get(role, 0.0))

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not (sum(self.wrongs.values()) or self.troubles or self.drift_counts)

    @property
    def drift_counts(self) -> bool:
        """Whether a score differs by more than the order of addition explains."""
        return self.drift > 1e-6

    def failures(self) -> list[str]:
        """Return one line per failure; empty if there is none."""
        found = [f"{count} {name.replace('_', ' ')}" for name, count in sorted(self.wrongs.items()) if count]
        if self.drift_counts:
            found.append(f"a score is off by {self.drift:g}")
        return found + self.troubles

    def line(self) -> str:
        """Return the report as one line of JSON."""
        wrong: dict[str, Any] = {
            name: self.wrongs[name] for name in ("lost", "double", "wrong_profiles", "wrong_rollups")
        }
        others = {name: count for name, count in sorted(self.wrongs.items()) if name not in wrong}
        fields = {
            "rounds": self.rounds,
            "faults": sum(self.kinds.values()),
            "touches": self.touches,
            **wrong,
            "drift": self.drift,
            "seed": self.seed,
            **others,
            "kinds": dict(sorted(self.kinds.items())),
            "missed": dict(sorted(self.missed.items())),
            "exits": {str(code): count for code, count in sorted(self.exits.items())},
            "peak_mb": {role: round(peak_mb) for role, peak_mb in sorted(self.peaks_mb.items())},
            **self.figures,
            "troubles": self.troubles,
        }
        return json.dumps(fields)
