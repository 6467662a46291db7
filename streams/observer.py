"""What the stages tell of their work; the composition root turns it into metrics."""

from typing import Protocol


class Observer(Protocol):
    """Called from the stages, cheap and never failing."""

    def touches(self, channel: str, result: str, count: int) -> None:
        """`count` touches of a channel came to `result`: accepted, rejected (intake), new, duplicate, beyond_window
        (engage).
        """

    def rejected(self, channel: str, reason: str, count: int) -> None:
        """Intake refused `count` records for `reason`."""

    def batch(self, stage: str, records: int, seconds: float) -> None:
        """A stage finished a batch."""

    def state(self, partition: int, identifiers: int, ids: int) -> None:
        """What one activity partition holds."""

    def other_rules(self, theirs: str) -> None:
        """A touch came that was scored by other rules than this worker's."""

    def other_order(self, count: int) -> None:
        """`count` touches came whose identifiers were ranked by another order than this worker's."""
