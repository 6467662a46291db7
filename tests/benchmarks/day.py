"""A day of touches from a seed: messages of the raw topics as producers of many kinds write them.

The mix: 70 visits, 20 mails and 10 calls in a hundred; customers by the law of Zipf and Mandelbrot (the customer of
rank k comes with a weight of 1 / (k + 10)); 3 % of the messages are repeats, 1 % come late, 1 % tie two identifiers
together, 0.5 % are invalid. Everything else about a touch is made in `day_fields`.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final, Literal, NamedTuple

from tests.benchmarks.day_fields import DAY_MS, Customer, break_touch, make_call, make_email, make_visit

CHANNELS: Final = ("visits", "emails", "calls")
VISITS: Final = 0.70
EMAILS: Final = 0.20
REPEATED: Final = 0.03
LATE: Final = 0.01
LINKS: Final = 0.01
INVALID: Final = 0.005
LATEST_MS: Final = 7 * DAY_MS
BEGINS_MS: Final = 1_789_948_800_000  # 2026-09-21T00:00:00Z
KEPT: Final = 50_000  # messages back that a repeat may lie
SOON: Final = 500  # most repeats are retries within seconds
RETRIED: Final = 0.8
MANDELBROT: Final = 10.0

Kind = Literal["plain", "late", "link", "repeat", "invalid"]


class Message(NamedTuple):
    """One record of a raw topic; `kind` is the truth about it, which no producer tells."""

    channel: str
    key: bytes
    value: bytes
    kind: Kind


@dataclass(frozen=True, slots=True)
class Truth:
    """What must become of a day: messages = stored + repeats + rejected."""

    messages: int
    stored: int
    repeats: int
    rejected: int

    def __add__(self, more: "Truth") -> "Truth":
        return Truth(
            self.messages + more.messages,
            self.stored + more.stored,
            self.repeats + more.repeats,
            self.rejected + more.rejected,
        )


NOTHING: Final = Truth(0, 0, 0, 0)


def generate_day(touches: int, seed: int, customers: int, begins_ms: int = BEGINS_MS) -> Iterator[Message]:
    """So many messages of so many customers at most, in the order of arrival; the same for the same arguments."""
    random, kept, ratio = Random(seed), list[Message](), (customers + MANDELBROT) / MANDELBROT
    for number in range(touches):
        chance = random.random()
        if chance < REPEATED and kept:
            yield _repeat(random, kept, number)
            continue
        rank = int(MANDELBROT * ratio ** random.random() - MANDELBROT)
        at_ms = begins_ms + DAY_MS * number // touches - random.randrange(2000)
        message = _make(random, Customer(rank), at_ms, chance - REPEATED)
        if message.kind != "invalid":
            _keep(kept, message, number)
        yield message


def count_truth(messages: Iterator[Message]) -> Truth:
    """What must become of them; reads them all."""
    return truth_of(Counter(message.kind for message in messages))


def truth_of(kinds: Counter[Kind]) -> Truth:
    """What must become of so many messages of each kind."""
    stored = kinds["plain"] + kinds["late"] + kinds["link"]
    return Truth(kinds.total(), stored, kinds["repeat"], kinds["invalid"])


def _make(random: Random, customer: Customer, at_ms: int, chance: float) -> Message:
    """`chance`, evenly spread over 0 to 1 - REPEATED (or below 0: no repeat was possible), decides what kind."""
    kind: Kind = "plain"
    if 0 <= chance < LATE:
        kind, at_ms = "late", at_ms - random.randrange(DAY_MS // 24, LATEST_MS)
    elif 0 <= chance < LATE + LINKS:
        kind = "link"
    elif 0 <= chance < LATE + LINKS + INVALID:
        kind = "invalid"
    what, linked = random.random(), kind == "link"
    if what < VISITS:
        channel, key, touch = "visits", "anonymous_id", make_visit(random, customer, at_ms, linked)
    elif what < VISITS + EMAILS:
        channel, key, touch = "emails", "email", make_email(random, customer, at_ms, linked)
    else:
        channel, key, touch = "calls", "phone", make_call(random, customer, at_ms, linked)
    value = break_touch(random, touch) if kind == "invalid" else json.dumps(touch, separators=(",", ":")).encode()
    return Message(channel, str(touch[key]).encode(), value, kind)


def _keep(kept: list[Message], message: Message, number: int) -> None:
    """For repeats: the last KEPT, each at the place of an older one."""
    if len(kept) < KEPT:
        kept.append(message)
    else:
        kept[number % KEPT] = message


def _repeat(random: Random, kept: list[Message], number: int) -> Message:
    """A message that was there before, byte for byte: mostly a recent one."""
    back = random.randrange(SOON) if random.random() < RETRIED else random.randrange(KEPT)
    place = number % KEPT if len(kept) == KEPT else len(kept) - 1
    return kept[(place - back) % len(kept)]._replace(kind="repeat")
