"""A steady stream of touches at a given rate, some of them marked so that their delay can be measured."""

import asyncio
import json
import threading
import time
from collections import defaultdict
from random import Random
from types import TracebackType
from typing import Any, Final

from aiokafka import AIOKafkaProducer

CUSTOMERS: Final = 20_000
PROBES_PER_S: Final = 100.0  # the most marked touches per second
PROBED: Final = 64  # identifiers of the marked touches, enough for all partitions
TICK_S: Final = 0.01


def probe_id(run: str, number: int) -> str:
    """Return the event id of a marked touch."""
    return f"probe-{run}-{number:09d}"


def probed_identifiers() -> list[str]:
    """Return the identifiers that the marked touches are folded into."""
    return [f"anonymous_id:probe-{n}" for n in range(PROBED)]


def make_touch(random: Random, now_ms: int) -> tuple[str, bytes]:
    """Return a touch as producers write it, (channel, JSON). Few customers have many touches."""
    person = min(int(random.paretovariate(0.8)), CUSTOMERS)
    kind = random.random()
    touch: dict[str, Any] = {"event_id": f"{random.getrandbits(64):016x}", "occurred_at": now_ms}
    if kind < 0.7:
        url = f"https://shop.example/p/{random.randrange(50)}?utm_source=ad{random.randrange(3)}"
        return "visits", json.dumps(touch | {"type": "page", "url": url, "anonymous_id": f"v{person}"}).encode()
    if kind < 0.9:
        mail = {"type": "opened", "direction": "outbound", "email": f"p{person}@example.org"}
        return "emails", json.dumps(touch | mail | {"message_id": f"<{random.randrange(99)}@x>"}).encode()
    call = {"type": "answered", "direction": "inbound", "phone": f"+4930{9010000 + 13 * person}"}
    return "calls", json.dumps(touch | call | {"duration_s": 10.5}).encode()


def _make_probe(run: str, number: int, now_ms: int) -> bytes:
    who = {"event_id": probe_id(run, number), "anonymous_id": f"probe-{number % PROBED}"}
    return json.dumps(who | {"type": "page", "url": "https://shop.example/probe", "occurred_at": now_ms}).encode()


class SteadyLoad:
    """A context manager that sends from its own thread. `sent_s` has the marked touches' times by number.

    The touches of a run are always the same. No touch is in two runs, since a repeat costs next to nothing.
    """

    def __init__(self, kafka: str, prefix: str, touches_per_s: float, raw_partitions: int, run: str) -> None:
        self._kafka, self._prefix, self._rate, self._run = kafka, prefix, touches_per_s, run
        self._partitions = raw_partitions
        self._probe_every = max(1, round(touches_per_s / PROBES_PER_S))
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="load", daemon=True)
        self.sent = 0
        self.sent_s: dict[int, float] = {}
        self.failed: BaseException | None = None

    def __enter__(self) -> "SteadyLoad":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join(30)
        if self.failed is not None and error is None:
            raise RuntimeError(f"the load could not be sent: {self.failed}") from self.failed

    def _work(self) -> None:
        try:
            asyncio.run(self._send())
        except BaseException as error:
            self.failed = error

    async def _send(self) -> None:
        producer = AIOKafkaProducer(bootstrap_servers=self._kafka, acks="all", max_batch_size=1 << 20)
        await producer.start()
        try:
            random, begun_s, waiting = Random(self._run), time.monotonic(), list[Any]()
            while not self._stop.is_set():
                due = int((time.monotonic() - begun_s) * self._rate) - self.sent
                waiting = [one for one in waiting if not one.done()]
                waiting += await self._send_some(producer, random, due)
                await asyncio.sleep(TICK_S)
            await asyncio.gather(*waiting)
        finally:
            await producer.stop()

    async def _send_some(self, producer: Any, random: Random, count: int) -> list[Any]:
        """Send `count` touches as one record batch per partition."""
        now_s = time.time()
        batches: dict[tuple[str, int], Any] = defaultdict(producer.create_batch)
        for number in range(self.sent, self.sent + count):
            if number % self._probe_every == 0:
                channel, value = "visits", _make_probe(self._run, number, int(now_s * 1000))
                self.sent_s[number] = now_s
            else:
                channel, value = make_touch(random, int(now_s * 1000))
            place = self._prefix + channel, number % self._partitions
            batches[place].append(timestamp=None, key=None, value=value)
        self.sent += count
        return [await producer.send_batch(batch, topic, partition=n) for (topic, n), batch in batches.items()]
