"""Schema versions: a raw touch of an older version is upgraded step by step at intake, by one pure function a step.

For a version 2 of a channel: change its model to what version 2 says, set CURRENT to 2, and give STEPS the function
that makes a version 1 of that channel a version 2. Channels that did not change need no step.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from schemas.rejected import Reason, Rejected

Step = Callable[[dict[str, Any]], dict[str, Any]]

CURRENT: Final = 1
# (channel, version) -> what makes it the next version. Version 1 is the first, so there is no step yet.
STEPS: Final[Mapping[tuple[str, int], Step]] = {}


def upgrade(
    channel: str, raw: dict[str, Any], current: int = CURRENT, steps: Mapping[tuple[str, int], Step] = STEPS
) -> dict[str, Any] | Rejected:
    """`raw` in the current version, `raw` itself if it is that. A version without a step changed nothing.

    A step gets what nobody has validated: what it stumbles over is refused, like any other message that is not as its
    version says.
    """
    version = raw.get("schema_version", 1)
    if not isinstance(version, int) or isinstance(version, bool) or not 1 <= version <= current:
        return Rejected(
            Reason.UNKNOWN_VERSION, f"schema_version: {version!r} is not known here; this intake reads 1 to {current}"
        )
    for old in range(version, current):
        step = steps.get((channel, old))
        try:
            raw = {**(step(raw) if step else raw), "schema_version": old + 1}
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            said = f"schema_version: {old} cannot be read as {old + 1}: {type(error).__name__}: {error}"
            return Rejected(Reason.BAD_VALUE, said)
    return raw
