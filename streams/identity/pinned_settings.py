"""What a site's state is made with and every worker has to share: the half-life, and the order of identifiers.

Further namespaces may come in anywhere: between those there are, nothing changes. So of all orders that ever held one
contains the other, and what each worker ties, none ties the other way.
"""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from schemas.time import DAY_MS

_ANEW: Final = (
    "or start with another TOUCHLINE_TOPIC_PREFIX and TOUCHLINE_GROUP and a new database (`touchline up`: with another "
    "--data), and let the touches run through again."
)


class Terms(Struct, array_like=True, frozen=True):
    """`order`: namespaces of identifiers, strongest first."""

    half_life_ms: int
    order: tuple[str, ...]


def find_fault(held: Terms, mine: Terms) -> str:
    """Why what was made under `held` cannot go on under `mine`, and what to do; '' if it can."""
    if held.half_life_ms != mine.half_life_ms:
        return (
            f"This site began with a half-life of {held.half_life_ms / DAY_MS:g} days, the rules say "
            f"{mine.half_life_ms / DAY_MS:g}. Set half_life_days back, {_ANEW}"
        )
    if tuple(namespace for namespace in mine.order if namespace in held.order) != held.order:
        return (
            f"This site ties identifiers in the order {', '.join(held.order)}, the settings say "
            f"{', '.join(mine.order)}. Set TOUCHLINE_IDENTIFIERS so that the old order stays in it, {_ANEW}"
        )
    return ""


def agree(proposals: Iterable[Terms]) -> Terms | None:
    """What holds after these, in the order they were made: the first, then each that can go on from what held."""
    held: Terms | None = None
    for mine in proposals:
        if held is None or not find_fault(held, mine):
            held = mine
    return held
