"""Clients of a collector that send touches until they are acknowledged."""

import random
import threading
import time
from dataclasses import dataclass, field
from typing import Final

from tests.journeys.collector_process import CollectorProcess
from tests.journeys.waiting import PATIENCE_S, wait_for

CLIENTS: Final = 4
PAUSE_S: Final = 0.05  # before a batch is sent again


@dataclass
class Clients:
    """Clients that send touches in small batches, each batch again until it is answered with 200, as SDKs do."""

    port: int
    key: str
    acknowledged: set[str] = field(default_factory=set)
    refused: int = 0  # requests that were answered with another status than 200
    stopping: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        """Start sending."""
        self._threads = [threading.Thread(target=self._work, args=(n,), daemon=True) for n in range(CLIENTS)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let each client finish its batch."""
        self.stopping.set()
        for thread in self._threads:
            thread.join(PATIENCE_S)
            assert not thread.is_alive()

    def wait_for_more(self, count: int) -> None:
        """Wait until so many more touches are acknowledged."""
        wanted = len(self.acknowledged) + count
        wait_for(lambda: len(self.acknowledged) >= wanted, f"{count} more touches to be acknowledged")

    def _work(self, client: int) -> None:
        chance, number = random.Random(client), 0
        address = f"http://127.0.0.1:{self.port}"
        while not self.stopping.is_set():
            batch: list[dict[str, object]] = [
                {
                    "type": "page",
                    "event_id": f"c{client}-{number + n}",
                    "occurred_at": int(time.time() * 1000),
                    "anonymous_id": f"v{chance.randrange(20)}",
                    "url": "https://shop.example/p",
                }
                for n in range(chance.randrange(1, 6))
            ]
            number += len(batch)
            while (status := CollectorProcess.post(address, self.key, "visits", batch)) != 200:
                self.refused += bool(status)
                time.sleep(PAUSE_S)
            with self._lock:
                self.acknowledged |= {str(touch["event_id"]) for touch in batch}
