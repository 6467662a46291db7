"""A day of touches from a seed: messages of the raw topics as various producers write them.

The mix: 70 visits, 20 mails and 10 calls in a hundred; customers follow the Zipf-Mandelbrot law (the
customer of rank k has a weight of 1 / (k + 10)); 3 % of the messages are repeats, 1 % are late, 1 % link two
identifiers, 0.5 % are invalid. `day_fields` generates all other fields of a touch.
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
START_MS: Final = 1_789_948_800_000  # 2026-09-21T00:00:00Z
KEPT: Final = 50_000  # the greatest distance of a repeat, in messages
SOON: Final = 500  # most repeats are retries within seconds
RETRIED: Final = 0.8
MANDELBROT: Final = 10.0

Kind = Literal["plain", "late", "link", "repeat", "invalid"]


class Message(NamedTuple):
    """One record of a raw topic; `kind` is its true kind, which is not part of the message."""

    channel: str
    key: bytes
    value: bytes
    kind: Kind


@dataclass(frozen=True, slots=True)
class Truth:
    """The expected outcome of a day: messages = stored + repeats + rejected."""

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


def generate_day(touches: int, seed: int, customers: int, start_ms: int = START_MS) -> Iterator[Message]:
    """Yield `touches` messages of at most `customers` customers in order of arrival, determined by the arguments."""
    random, kept, ratio = Random(seed), list[Message](), (customers + MANDELBROT) / MANDELBROT
    for number in range(touches):
        chance = random.random()
        if chance < REPEATED and kept:
            yield _repeat(random, kept, number)
            continue
        rank = int(MANDELBROT * ratio ** random.random() - MANDELBROT)
        at_ms = start_ms + DAY_MS * number // touches - random.randrange(2000)
        message = _make(random, Customer(rank), at_ms, chance - REPEATED)
        if message.kind != "invalid":
            _keep(kept, message, number)
        yield message


def count_truth(messages: Iterator[Message]) -> Truth:
    """Return the expected outcome of these messages; consumes the iterator."""
    return truth_of(Counter(message.kind for message in messages))


def truth_of(kinds: Counter[Kind]) -> Truth:
    """Return the expected outcome of these counts by kind."""
    stored = kinds["plain"] + kinds["late"] + kinds["link"]
    return Truth(kinds.total(), stored, kinds["repeat"], kinds["invalid"])


def _make(random: Random, customer: Customer, at_ms: int, chance: float) -> Message:
    """Return a message. `chance`, uniform from 0 to 1 - REPEATED (below 0 if no repeat was possible), sets the kind."""
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
    """Keep a message for repeats, in a ring buffer of KEPT entries."""
    if len(kept) < KEPT:
        kept.append(message)
    else:
        kept[number % KEPT] = message


def _repeat(random: Random, kept: list[Message], number: int) -> Message:
    """Return an earlier message, byte for byte, mostly a recent one."""
    back = random.randrange(SOON) if random.random() < RETRIED else random.randrange(KEPT)
    place = number % KEPT if len(kept) == KEPT else len(kept) - 1
    return kept[(place - back) % len(kept)]._replace(kind="repeat")
