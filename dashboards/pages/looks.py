"""How a channel looks on a page: its name in the interface, its icon and its colour."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from schemas.channels import CHANNELS

HUES: Final = 10  # classes hue-0 to hue-9 of `static/tokens.css`; further channels repeat them, told apart by icon


@dataclass(frozen=True, slots=True)
class Look:
    """`label`: the channel's name with a capital; `icon`: a symbol of `static/icons.svg`; `hue`: a class of colours."""

    name: str
    label: str
    icon: str
    hue: int


@cache
def looks() -> Mapping[str, Look]:
    """Return the look of each channel, in the order of the channels."""
    return {
        name: Look(name, name.capitalize(), model.ICON, place % HUES)
        for place, (name, model) in enumerate(CHANNELS.items())
    }


def look(channel: str) -> Look:
    """Return the look of a channel; a plain one for a channel of another version."""
    return looks().get(channel) or Look(channel, channel.capitalize(), "dot", HUES - 2)


@cache
def looks_text() -> str:
    """Return the channels with their icons for scripts, in the order of their hues: "visits:page emails:mail"."""
    return " ".join(f"{one.name}:{one.icon}" for one in looks().values())
