"""Bad loads, each with bystanders: a crowd that should not suffer. By name: the usual size, and what is bad."""

from collections.abc import Callable
from typing import Final, NamedTuple

from tests.chaos.load_crowd import Crowd
from tests.journeys.crowd import CHANNELS

_LARGE_BYTES: Final = 1_000_000  # with what is around it, less than a Kafka broker takes by default (1,048,588)
_JUST_TAKEN_BYTES: Final = 250_000  # less than intake takes by default (262,144)
_HOT_CUSTOMERS: Final = 50


class Bad(NamedTuple):
    """`fill(crowd, size)` adds everything; `pace`: from which share of the run on how many times the usual rate."""

    size: int
    fill: Callable[[Crowd, int], None]
    pace: tuple[tuple[float, float], ...] = ((0.0, 1.0),)


def _steady(crowd: Crowd, size: int) -> None:
    crowd.fill(size, max(20, size // 25))


def _whale(crowd: Crowd, size: int) -> None:
    """One customer who does not stop, on every channel."""
    _steady(crowd, max(200, size // 20))
    for _ in range(size):
        who = crowd.random.choice(({"customer_id": "whale"}, {"customer_id": "whale", "email": "whale@example.org"}))
        crowd.by(who, crowd.random.choice(CHANNELS), crowd.random.random())


def _hot_partition(crowd: Crowd, size: int) -> None:
    """Half of all touches in one raw partition, and of people whose state lies in one partition, too."""
    _steady(crowd, size // 2)
    people = [crowd.key_in(0, "customer_id", 1_000 * number) for number in range(_HOT_CUSTOMERS)]
    for _ in range(size // 2):
        who = {"customer_id": crowd.random.choice(people)}
        crowd.by(who, "visits", crowd.random.random(), partition=0)


def _large_messages(crowd: Crowd, size: int) -> None:
    """Messages of 1 MB, which are refused, and of 250 kB, which are taken, among ordinary ones."""
    _steady(crowd, size)
    for number in range(size // 10):
        large = _JUST_TAKEN_BYTES if number % 4 == 3 else _LARGE_BYTES
        crowd.by({"customer_id": f"large{number % 9}"}, "visits", crowd.random.random(), size=large)


def _all_invalid(crowd: Crowd, size: int) -> None:
    """Nothing but refusals: these have no bystanders."""
    for _ in range(size):
        crowd.refused(noisy=True)


def _many_links(crowd: Crowd, size: int) -> None:
    """So many customers name one mailbox, and one customer is seen with so many visitors."""
    _steady(crowd, max(200, size // 5))
    for number in range(size):
        crowd.by({"customer_id": f"crowded{number}", "email": "all@crowd.example"}, "emails", crowd.random.random())
        crowd.visitor_of("collector", number, noisy=True)


SCENARIOS: Final = {
    "steady": Bad(10_000, _steady),
    "burst": Bad(60_000, _steady, ((0.0, 1.0), (0.05, 20.0), (0.95, 1.0))),
    "whale": Bad(100_000, _whale),
    "hot_partition": Bad(40_000, _hot_partition),
    "large_messages": Bad(2_000, _large_messages),
    "all_invalid": Bad(20_000, _all_invalid),
    "many_links": Bad(10_000, _many_links),
}
