"""What is stored against what must be there: every row, every column that is determined."""

from dataclasses import dataclass, field

from sinks.clickhouse import Client
from tests.chaos.oracle import Expected


@dataclass(slots=True)
class Verdict:
    """How many rows of each kind are not as they must be, and the first few of each in words."""

    lost: int = 0  # touches, or refused records, that are not there
    double: int = 0  # rows of touches that should not be there
    wrong_events: int = 0
    wrong_profiles: int = 0
    wrong_rollups: int = 0
    wrong_sessions: int = 0
    wrong_identities: int = 0
    wrong_quarantine: int = 0
    wrong_changelogs: int = 0
    drift: float = 0.0  # largest relative difference of a score
    details: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Nothing lost, nothing double, nothing wrong."""
        raise NotImplementedError


def compare(expected: Expected, client: Client) -> Verdict:
    """Everything in the database of `client`."""
    raise NotImplementedError


def compare_changelogs(expected: Expected, kafka: str, states: str, seen: str, profiles: str) -> Verdict:
    """What an empty worker would read back from the changelog topics of these names, and the topic of profiles."""
    raise NotImplementedError
