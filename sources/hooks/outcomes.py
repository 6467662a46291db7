"""The events of one request together: all of them become touches, or the whole request is kept to be mapped again."""

from collections.abc import Iterable

from sources.collected import Collected
from sources.hooks.provider import Unmappable


def touches_of(outcomes: Iterable[Collected | Unmappable | None]) -> list[Collected] | Unmappable:
    """Return the touches without events that are none (None), or the first event of which none can be made.

    A request is mapped whole, since what is kept of an unmappable one is its body. Mapped again, touches count once.
    """
    touches = []
    for outcome in outcomes:
        if isinstance(outcome, Unmappable):
            return outcome
        if outcome is not None:
            touches.append(outcome)
    return touches
