"""What viewers of a role see of the live events."""

from collections.abc import Callable
from dataclasses import replace
from enum import Enum
from typing import Final, TypeVar

from dashboards.live.messages import Hello, Hot, LiveTouch, Message, Scores, Touches
from dashboards.wording import word

M = TypeVar("M", bound=Message)
Mask = Callable[[M], M]
"""Returns a copy of a message whose texts are hidden unless they are `Clear`."""


class Audience(Enum):
    """The kinds of viewers: of everything, of everything with identifiers masked, and of figures without customers."""

    CLEAR = "clear"
    MASKED = "masked"
    FIGURES = "figures"


AUDIENCES: Final = tuple(Audience)


def shown_to(audience: Audience, message: Message, mask: Callable[[Message], Message]) -> Message | None:
    """Return a message as an audience may see it, None if not at all."""
    if audience is Audience.CLEAR:
        return message
    if audience is Audience.FIGURES:
        if isinstance(message, Hello):
            return replace(message, newest=[], hot=None)
        return None if isinstance(message, Touches | Scores | Hot) else message
    masked = mask(message)
    if isinstance(masked, Touches):
        return replace(masked, touches=_in_general(masked.touches))
    if isinstance(masked, Hello):
        return replace(masked, newest=_in_general(masked.newest))
    return masked


def _in_general(touches: list[LiveTouch]) -> list[LiveTouch]:
    """Return touches in words without their own values, such as `Viewed a page`."""
    return [replace(one, title=word(one.channel, one.type, {}).title, detail="") for one in touches]
