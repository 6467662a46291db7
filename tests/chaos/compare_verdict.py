"""The result of a comparison."""

from dataclasses import dataclass, field, fields
from typing import Final

SHOWN: Final = 5  # details shown of each kind


@dataclass(slots=True)
class Verdict:
    """The number of wrong rows of each kind, and the details of the first few."""

    lost: int = 0  # missing touches or refused records
    double: int = 0  # unexpected rows of touches
    wrong_events: int = 0
    wrong_profiles: int = 0  # includes score histories
    wrong_rollups: int = 0
    wrong_sessions: int = 0
    wrong_identities: int = 0
    wrong_quarantine: int = 0
    wrong_page_times: int = 0
    wrong_changelogs: int = 0  # keys of changelogs and of the topic `profiles`
    drift: float = 0.0  # largest relative difference of a score
    details: list[str] = field(default_factory=list)
    _shown: dict[str, int] = field(default_factory=dict)

    def note(self, kind: str, what: str) -> None:
        """Count one more of a kind, which is the name of a field."""
        setattr(self, kind, getattr(self, kind) + 1)
        self._shown[kind] = self._shown.get(kind, 0) + 1
        if self._shown[kind] <= SHOWN:
            self.details.append(f"{kind}: {what}")

    @property
    def counts(self) -> dict[str, int]:
        """The counts by kind, without drift and details."""
        names = (one.name for one in fields(self) if one.type in (int, "int"))
        return {name: getattr(self, name) for name in names}

    @property
    def ok(self) -> bool:
        """Whether nothing is lost, duplicated or wrong."""
        return not any(self.counts.values())

    def add(self, other: "Verdict") -> None:
        """Add the findings of another verdict."""
        for name, count in other.counts.items():
            setattr(self, name, getattr(self, name) + count)
        self.drift = max(self.drift, other.drift)
        self.details += other.details
