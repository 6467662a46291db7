"""Settings that a site's state was made with, so that every worker must share them: half-life and identifier order.

A namespace may be added at any position; it changes nothing between the existing ones. So of any two orders that were
ever in force one contains the other, and no two workers make the same tie in opposite directions.
"""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from schemas.time import DAY_MS

_START_OVER: Final = (
    "or start with another TOUCHLINE_TOPIC_PREFIX and TOUCHLINE_GROUP and a new database (`touchline up`: with another "
    "--data), and send the touches again."
)


class PinnedSettings(Struct, array_like=True, frozen=True):
    """`order`: namespaces of identifiers, strongest first."""

    half_life_ms: int
    order: tuple[str, ...]


def find_conflict(held: PinnedSettings, mine: PinnedSettings) -> str:
    """Return why state made with `held` cannot be continued with `mine`, and what to do; '' means that it can."""
    if held.half_life_ms != mine.half_life_ms:
        return (
            f"This site was started with a half-life of {held.half_life_ms / DAY_MS:g} days, the rules set "
            f"{mine.half_life_ms / DAY_MS:g}. Set half_life_days back, {_START_OVER}"
        )
    if tuple(namespace for namespace in mine.order if namespace in held.order) != held.order:
        return (
            f"This site ties identifiers in the order {', '.join(held.order)}, the settings list "
            f"{', '.join(mine.order)}. Set TOUCHLINE_IDENTIFIERS so that it keeps the former order, {_START_OVER}"
        )
    return ""


def resolve_proposals(proposals: Iterable[PinnedSettings]) -> PinnedSettings | None:
    """Return the settings in force after these proposals, in order: the first, then each that continues it."""
    held: PinnedSettings | None = None
    for mine in proposals:
        if held is None or not find_conflict(held, mine):
            held = mine
    return held
