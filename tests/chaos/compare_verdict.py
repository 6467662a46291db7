"""What a comparison comes to."""

from dataclasses import dataclass, field, fields
from typing import Final

SHOWN: Final = 5  # of each kind, in words


@dataclass(slots=True)
class Verdict:
    """How many rows of each kind are not as they must be, and the first few of each in words."""

    lost: int = 0  # touches, or refused records, that are not there
    double: int = 0  # rows of touches that should not be there
    wrong_events: int = 0
    wrong_profiles: int = 0  # and histories of scores
    wrong_rollups: int = 0
    wrong_sessions: int = 0
    wrong_identities: int = 0
    wrong_quarantine: int = 0
    wrong_changelogs: int = 0  # keys of changelogs, and of the topic `profiles`
    drift: float = 0.0  # largest relative difference of a score
    details: list[str] = field(default_factory=list)
    _shown: dict[str, int] = field(default_factory=dict)

    def note(self, kind: str, what: str) -> None:
        """One more of a kind (a field's name)."""
        setattr(self, kind, getattr(self, kind) + 1)
        self._shown[kind] = self._shown.get(kind, 0) + 1
        if self._shown[kind] <= SHOWN:
            self.details.append(f"{kind}: {what}")

    @property
    def counts(self) -> dict[str, int]:
        """Everything that is counted; drift and words are not."""
        names = (one.name for one in fields(self) if one.type in (int, "int"))
        return {name: getattr(self, name) for name in names}

    @property
    def ok(self) -> bool:
        """Nothing lost, nothing double, nothing wrong."""
        return not any(self.counts.values())

    def add(self, other: "Verdict") -> None:
        """Take another's findings in."""
        for name, count in other.counts.items():
            setattr(self, name, getattr(self, name) + count)
        self.drift = max(self.drift, other.drift)
        self.details += other.details
