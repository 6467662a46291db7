"""The interface through which stages report their work; `touchline.worker.metrics` implements it."""

from typing import Protocol


class Observer(Protocol):
    """Receives reports of the stages. Its methods are cheap and never fail."""

    def touches(self, channel: str, result: str, count: int) -> None:
        """Count touches of a channel by result.

        Intake: accepted, rejected. Engage: new, duplicate, beyond_window, revised, outdated, late_revision.
        """

    def rejected(self, channel: str, reason: str, count: int) -> None:
        """Count records that a stage rejected for `reason`."""

    def batch(self, stage: str, records: int, seconds: float) -> None:
        """Count a batch that a stage has finished."""

    def state(self, partition: int, identifiers: int, ids: int) -> None:
        """Set the numbers of identifiers and of remembered event ids of one activity partition."""

    def other_rules(self, theirs: str) -> None:
        """Count a batch with touches that were scored by another version of the rules than this worker's."""

    def other_order(self, count: int) -> None:
        """Count touches whose identifiers were ranked by another order than this worker's."""
