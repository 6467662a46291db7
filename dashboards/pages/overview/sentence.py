"""The sentence at the top of the overview: what a person would answer to "how is it going?"."""

from dataclasses import dataclass
from typing import Final

from dashboards.pages import format as write

# A ratio to last week up to which it is said in these words.
_MORE: Final = (
    (1.05, ""),
    (1.14, "a tenth more"),
    (1.29, "a quarter more"),
    (1.41, "a third more"),
    (1.70, "half as many again"),
    (2.30, "twice as many"),
    (3.50, "three times as many"),
)
_NUMBERS: Final = ("", "", "", "", "four", "five", "six", "seven", "eight", "nine", "ten")
_LESS: Final = (
    (0.30, "a quarter as many"),
    (0.40, "a third as many"),
    (0.60, "half as many"),
    (0.80, "a quarter fewer"),
    (0.95, "a tenth fewer"),
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A part of the sentence; `strong` for a number that carries it, `link` for one that leads somewhere."""

    text: str
    strong: bool = False
    link: str = ""


def sentence(
    *, touches: int, seconds: int, before: int, day: str, became_hot: int | None, gave_up: int | None, since: str
) -> list[Phrase]:
    """Return the sentence in parts.

    `touches` happened in the last `seconds`, `before` a week earlier, on `day` ('last Monday'). `became_hot`: customers
    within a day. `gave_up`: callers since a time of day. None and 0 are left out.
    """
    happened = Phrase(f" happened in the last {seconds // 60} minutes") if touches else Phrase("")
    parts = [Phrase(_rate(touches, seconds), strong=True), happened, *_compared(touches, before, day), Phrase(".")]
    events: list[list[Phrase]] = []
    if became_hot:
        words = f"{write.whole(became_hot)} {_plural(became_hot, 'customer')} became hot"
        events.append([Phrase(words, link="/customers"), Phrase(" since yesterday")])
    if gave_up:
        words = f"{write.whole(gave_up)} {_plural(gave_up, 'caller')} gave up"
        events.append([Phrase(words, link="/service"), Phrase(f" since {since}")])
    for place, event in enumerate(events):
        parts += [Phrase(" " if place == 0 else ", and "), *event]
    return [*parts, Phrase(".")] if events else parts


def _rate(touches: int, seconds: int) -> str:
    """Return the rate in the unit in which it is a number one can imagine."""
    if touches == 0:
        return f"No touches happened in the last {seconds // 60} minutes"
    if touches >= seconds:
        count = round(touches / seconds)
        return f"{write.whole(count)} {_plural(count, 'touch')} a second"
    if touches * 60 >= seconds:
        count = round(touches * 60 / seconds)
        return f"{write.whole(count)} {_plural(count, 'touch')} a minute"
    return f"{touches} {_plural(touches, 'touch')}"


def _compared(touches: int, before: int, day: str) -> list[Phrase]:
    if not before or not touches:
        return []
    return [Phrase(f", {compare(touches / before)} {day} at this time")]


def compare(ratio: float) -> str:
    """Return a ratio in words, up to and without what it is compared with: 'a tenth more than'."""
    if 0.95 <= ratio <= _MORE[0][0]:
        return "about as many as"
    if ratio > 1:
        words = next((text for most, text in _MORE if ratio <= most), f"{_times(ratio)} times as many")
    else:
        words = next(text for most, text in _LESS if ratio <= most)
        if ratio < 0.2:
            words = "far fewer"
    return f"{words} {'than' if words.endswith(('more', 'fewer')) else 'as'}"


def _times(ratio: float) -> str:
    count = round(ratio)
    return _NUMBERS[count] if count < len(_NUMBERS) else write.whole(count)


def _plural(count: int, noun: str) -> str:
    if count == 1:
        return noun
    return f"{noun}es" if noun.endswith("ch") else f"{noun}s"
