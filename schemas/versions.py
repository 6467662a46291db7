"""Schema versions: intake upgrades a raw touch of an older version, by one pure function per version.

For a version 2 of a channel: change its model, set CURRENT to 2, and add to STEPS the function that turns a message of
version 1 into one of version 2. Channels that did not change need no step.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from schemas.rejected import Reason, Rejected

Step = Callable[[dict[str, Any]], dict[str, Any]]

CURRENT: Final = 1
# (channel, version) -> function to the next version. There is only version 1 so far.
STEPS: Final[Mapping[tuple[str, int], Step]] = {}


def upgrade(
    channel: str, raw: dict[str, Any], current: int = CURRENT, steps: Mapping[tuple[str, int], Step] = STEPS
) -> dict[str, Any] | Rejected:
    """Return the message in the current version, unchanged if it is that. Versions without a step differ in nothing.

    A step gets unvalidated messages: one on which it fails is refused, as any message that is not valid by its version.
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
            detail = f"schema_version: {old} cannot be read as {old + 1}: {type(error).__name__}: {error}"
            return Rejected(Reason.BAD_VALUE, detail)
    return raw
