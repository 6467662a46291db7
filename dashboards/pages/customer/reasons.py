"""What the score is made of, rule by rule."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dashboards.answers.weighing import Fate, RuleSum
from dashboards.pages import format as write


@dataclass(frozen=True, slots=True)
class Reason:
    """What the touches of one rule contribute.

    `share` and `was` are parts of 1 of the longest bar: what is left of the points, and the points themselves.
    `capped`: further touches, which a cap left out.
    """

    channel: str
    rule: str
    touches: int
    left: float
    gave: float
    share: float
    was: float
    cap: int
    capped: int
    first_ms: int
    last_ms: int


def reasons_of(rules: Sequence[RuleSum]) -> list[Reason]:
    """Return the rules that contribute to a score, the largest contribution first."""
    counted = [one for one in rules if one.fate == "counted"]
    capped = {(one.channel, one.rule): one.touches for one in rules if one.fate == "capped"}
    longest = max((abs(one.weights) for one in counted), default=0.0) or 1.0
    return [
        Reason(
            one.channel,
            one.rule.replace("_", " "),
            one.touches,
            one.positive - one.negative,
            one.weights,
            min(1.0, abs(one.positive - one.negative) / longest),
            abs(one.weights) / longest,
            one.cap,
            capped.get((one.channel, one.rule), 0),
            one.first_ms,
            one.last_ms,
        )
        for one in counted
    ]


def left_out(rules: Sequence[RuleSum]) -> str:
    """Return how many touches contribute nothing and why, '' if none: '3 by bots, 1 without a rule'."""
    found = Counter[str]()
    for one in rules:
        if one.fate in _WORDS:
            found[_WORDS[one.fate]] += one.touches
    return ", ".join(f"{write.whole(count)} {words}" for words, count in found.most_common())


_WORDS: Final[dict[Fate, str]] = {
    "capped": "over a daily cap",
    "weightless": "without a rule",
    "bot": "by bots",
    "too_late": "too late for their day",
    "beyond_window": "possible repeats",
}
