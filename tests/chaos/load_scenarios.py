"""Bad loads by name, each with its usual size. All but one include ordinary customers, who should not suffer."""

from collections.abc import Callable
from typing import Final, NamedTuple

from tests.chaos.load_crowd import Crowd
from tests.journeys.crowd import CHANNELS

_LARGE_BYTES: Final = 1_000_000  # with overhead, below the default limit of a Kafka broker (1,048,588)
_ACCEPTED_BYTES: Final = 250_000  # below intake's default limit (262,144)
_HOT_CUSTOMERS: Final = 50


class Bad(NamedTuple):
    """`fill(crowd, size)` adds all records; `pace` lists (share of the run, multiple of the usual rate from there)."""

    size: int
    fill: Callable[[Crowd, int], None]
    pace: tuple[tuple[float, float], ...] = ((0.0, 1.0),)


def _steady(crowd: Crowd, size: int) -> None:
    crowd.fill(size, max(20, size // 25))


def _whale(crowd: Crowd, size: int) -> None:
    """One customer with very many touches on every channel."""
    _steady(crowd, max(200, size // 20))
    for _ in range(size):
        who = crowd.random.choice(({"customer_id": "whale"}, {"customer_id": "whale", "email": "whale@example.org"}))
        crowd.by(who, crowd.random.choice(CHANNELS), crowd.random.random())


def _hot_partition(crowd: Crowd, size: int) -> None:
    """Half of all touches in one raw partition, of people whose state is in one partition of `activity`."""
    _steady(crowd, size // 2)
    people = [crowd.key_in(0, "customer_id", 1_000 * number) for number in range(_HOT_CUSTOMERS)]
    for _ in range(size // 2):
        who = {"customer_id": crowd.random.choice(people)}
        crowd.by(who, "visits", crowd.random.random(), partition=0)


def _large_messages(crowd: Crowd, size: int) -> None:
    """Messages of 1 MB, which are refused, and of 250 kB, which are accepted, among ordinary ones."""
    _steady(crowd, size)
    for number in range(size // 10):
        large = _ACCEPTED_BYTES if number % 4 == 3 else _LARGE_BYTES
        crowd.by({"customer_id": f"large{number % 9}"}, "visits", crowd.random.random(), size=large)


def _all_invalid(crowd: Crowd, size: int) -> None:
    """Refused records only, without ordinary customers."""
    for _ in range(size):
        crowd.refused(noisy=True)


def _many_links(crowd: Crowd, size: int) -> None:
    """Many customers claim one mailbox, and one customer has many visitors."""
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
