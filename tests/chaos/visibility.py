"""The delay from sending a touch to a query that finds it, measured from outside."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Final

from clickhouse_connect.driver.exceptions import ClickHouseError

from sinks.clickhouse.client import Client, StoreUnavailableError
from tests.chaos.feeder import Feeder
from tests.chaos.load_meaning import Facts, Item

LOOK_S: Final = 0.25
PAUSE_LOOK_S: Final = 0.05
WATCHED: Final = 4  # one touch in this many is watched: querying for all of them would be a load of its own
MOST_OPEN: Final = 2000  # touches queried for at a time; others wait and count as not yet found


class Bystanders:
    """Watches a sample of the touches that are not part of the bad load; `delays_s` grows as they are found."""

    def __init__(self, client: Client, feeder: Feeder, items: Sequence[Item]) -> None:
        self._client, self._feeder, self._items = client, feeder, items
        self._ids: set[tuple[str, str]] = set()
        self._next = 0
        self._open: dict[str, float] = {}  # by event id: time of sending
        self.delays_s: list[float] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="bystanders", daemon=True)

    def start(self) -> None:
        """Start watching."""
        self._thread.start()

    def end(self, patience_s: float) -> None:
        """Wait for the open touches and stop; those not found count with the time so far."""
        deadline_s = time.monotonic() + patience_s
        while self._open and time.monotonic() < deadline_s:
            time.sleep(LOOK_S)
        self._over.set()
        self._thread.join()
        now_s = time.monotonic()
        self.delays_s += [now_s - sent_s for sent_s in self._open.values()]

    def _run(self) -> None:
        while not self._over.wait(LOOK_S):
            self._take_up()
            if not self._open:
                continue
            try:
                found = self._client.query(
                    "SELECT event_id FROM events WHERE event_id IN {ids:Array(String)}",
                    parameters={"ids": list(self._open)},
                ).result_rows
            except (ClickHouseError, StoreUnavailableError, OSError):
                continue
            now_s = time.monotonic()
            self.delays_s += [now_s - sent_s for (one,) in found if (sent_s := self._open.pop(one, None)) is not None]

    def _take_up(self) -> None:
        sent_at_s = self._feeder.sent_at_s
        while self._next < len(sent_at_s) and len(self._open) < MOST_OPEN:
            item, at_s = self._items[self._next], sent_at_s[self._next]
            self._next += 1
            meaning = item.meaning
            if item.noisy or not isinstance(meaning, Facts) or not meaning.event_id.isascii() or not meaning.event_id:
                continue
            if (known := (meaning.channel, meaning.event_id)) not in self._ids:  # only the first copy counts
                self._ids.add(known)
                if len(self._ids) % WATCHED == 0:
                    self._open[meaning.event_id] = at_s


class Dashboard:
    """Queries the newest touch every 50 ms, and records when it changed."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="dashboard", daemon=True)
        self.changed_s: list[float] = []

    def start(self) -> None:
        """Start querying."""
        self._thread.start()

    def end(self) -> None:
        """Stop querying."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        newest: object = None
        while not self._over.wait(PAUSE_LOOK_S):
            try:
                rows = self._client.query("SELECT max(received_at), count() FROM events").result_rows
            except (ClickHouseError, StoreUnavailableError, OSError):
                continue
            if rows[0] != newest:
                newest = rows[0]
                self.changed_s.append(time.monotonic())


def find_longest_pause_s(changed_s: Sequence[float], since_s: float, until_s: float) -> float:
    """Return the longest time without a change between two moments (monotonic)."""
    inside = [at_s for at_s in changed_s if since_s <= at_s <= until_s]
    return max(b - a for a, b in pairwise([since_s, *inside, until_s]))


def quantiles(values: Sequence[float]) -> Mapping[str, float]:
    """Return the median, the 99th percentile and the maximum in seconds; empty without values."""
    if not values:
        return {}
    ordered = sorted(values)
    at: Callable[[float], float] = lambda share: round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2)  # noqa: E731
    return {"count": len(ordered), "p50_s": at(0.5), "p99_s": at(0.99), "max_s": at(1.0)}
