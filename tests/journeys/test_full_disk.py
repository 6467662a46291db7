"""A full disk on a real small file system: no touch that Kafka acknowledged is lost or duplicated."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from clickhouse_connect.driver.exceptions import ClickHouseError
from kafka import KafkaProducer
from kafka.errors import KafkaError

from sinks.clickhouse.client import StoreUnavailableError, connect, parse_address
from tests.disk_filler import filled
from tests.journeys.engine import Engine
from tests.journeys.home import Home, children_of, runs
from tests.journeys.site import Site
from tests.journeys.waiting import wait_for
from tests.small_disk import SmallDisk, mounted_or_skipped
from touchline.local.data_folder.run_file import read_run_file

DISK_MB = 2048  # sparse; Kafka does not start with less than 512 MB free
CALLERS = 30
BATCH = 10
PACE_S = 0.2
TIMEOUT_MS = 5000
SOME = 100  # touches


class Feeder(threading.Thread):
    """Sends calls at a steady rate until it is stopped; a touch that is not acknowledged is sent again unchanged."""

    def __init__(self, home: Home, topic: str) -> None:
        super().__init__(daemon=True)
        self._home, self._topic = home, topic
        self._over = threading.Event()
        self.acknowledged: set[str] = set()
        self.sent = 0

    def run(self) -> None:
        producer: KafkaProducer | None = None
        waiting: list[dict[str, object]] = []
        while waiting or not self._over.is_set():
            waiting = waiting or [self._make(number) for number in range(self.sent, self.sent + BATCH)]
            with suppress(KafkaError, AssertionError):
                producer = producer or self._connect()
                waiting = self._send(producer, waiting)
            if waiting and producer is not None:  # a failed producer may wait for batches that it never sends
                with suppress(KafkaError):
                    producer.close(timeout=0)
                producer = None
            self._over.wait(PACE_S)
        if producer is not None:
            producer.close()

    def stop(self) -> None:
        """Stop sending; return when the last touch is acknowledged."""
        self._over.set()
        self.join()

    def _connect(self) -> KafkaProducer:
        run = read_run_file(self._home.folder)
        assert run is not None
        return KafkaProducer(
            bootstrap_servers=run.kafka, acks="all", request_timeout_ms=TIMEOUT_MS, delivery_timeout_ms=TIMEOUT_MS,
            max_block_ms=TIMEOUT_MS,
        )  # fmt: skip

    def _send(self, producer: KafkaProducer, touches: list[dict[str, object]]) -> list[dict[str, object]]:
        """Send touches; return those that were not acknowledged."""
        futures = [producer.send(self._topic, json.dumps(touch).encode()) for touch in touches]
        left = []
        for touch, future in zip(touches, futures, strict=True):
            try:
                future.get(2 * TIMEOUT_MS / 1000)
                self.acknowledged.add(str(touch["event_id"]))
            except KafkaError:
                left.append(touch)
        return left

    def _make(self, number: int) -> dict[str, object]:
        self.sent = number + 1
        return {
            "event_id": f"call-{number}",
            "type": "answered",
            "direction": "inbound",
            "occurred_at": f"2026-11-{1 + number % 28:02}T10:{number % 60:02}:00Z",
            "phone": f"+4930{9010000 + number % CALLERS}",
            "duration_s": 60,
        }


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    yield from mounted_or_skipped(tmp_path, DISK_MB)


@pytest.fixture
def home(disk: SmallDisk, jars: Path, tmp_path: Path) -> Iterator[Home]:
    """A data folder on the small disk; the output of `up` is written elsewhere."""
    home = Home(disk.folder / "home", jars)
    home.log = tmp_path / "up.log"
    yield home
    if home.up is not None and home.up.poll() is None:
        mine = children_of(home.up.pid)
        home.up.kill()
        home.up.wait()
        wait_for(lambda: not any(map(runs, mine)), "all processes to end")


def stored(home: Home) -> Counter[str]:
    """Return how often each event id is stored."""
    run = read_run_file(home.folder)
    assert run is not None, home.output()
    client = connect(parse_address(run.reader), "read")
    try:
        rows = client.query("SELECT event_id, count() FROM events GROUP BY event_id").result_rows
    finally:
        client.close()
    return Counter({str(event_id): int(count) for event_id, count in rows})


def has_stored(home: Home, count: int) -> bool:
    with suppress(StoreUnavailableError, ClickHouseError):
        return len(stored(home)) >= count
    return False


def status(home: Home) -> dict[str, Any]:
    """Return the output of `touchline status`; {} means that it failed."""
    done = home.run("status", "--json")
    return dict(json.loads(done.stdout)) if done.stdout.startswith("{") else {}


def check_exact(home: Home, feeder: Feeder) -> None:
    """Assert that every acknowledged touch is stored exactly once and that the audit passes."""
    feeder.stop()
    assert len(feeder.acknowledged) == feeder.sent
    home.wait_audited(feeder.sent)
    found = stored(home)
    assert feeder.acknowledged - found.keys() == set(), "acknowledged and lost"
    assert found.keys() - feeder.acknowledged == set()
    assert [one for one, count in found.items() if count > 1] == []


def start_up_and_feeder(home: Home, topic: str) -> Feeder:
    """Start `touchline up` and a feeder; return when its first touches are stored."""
    home.start()
    feeder = Feeder(home, topic)
    feeder.start()
    wait_for(lambda: has_stored(home, SOME), "the first touches to be stored")
    return feeder


def test_full_disk_of_the_engine_loses_no_touch(home: Home, disk: SmallDisk, site: Site) -> None:
    home.env |= site.env(data=home.folder, clickhouse=None)
    feeder = start_up_and_feeder(home, f"{site.prefix}calls")
    with filled(disk):
        wait_for(
            lambda: "has stopped storing" in home.output(),
            "`up` to report that nothing is stored",
            describe=home.output,
        )
        during = len(feeder.acknowledged)
        wait_for(lambda: len(feeder.acknowledged) >= during + SOME, "Kafka to accept touches meanwhile")
        known = status(home)
        assert known["worker"]["store_in_trouble"] is True
        # The engine refuses inserts before the disk is full, and one that was being written when it was.
        assert any("free" in line or "is full" in line for line in known["trouble"]), known["trouble"]
        assert known["stages"]["store"]["lag"] > 0
    wait_for(lambda: has_stored(home, during + SOME), "the rows that waited to be stored", describe=home.output)
    wait_for(lambda: status(home)["worker"]["store_in_trouble"] is False, "`status` to report no problem")
    check_exact(home, feeder)


def test_full_disk_of_kafka_loses_no_touch(home: Home, disk: SmallDisk, site: Site, engine: Engine) -> None:
    home.env |= site.env(data=home.folder, kafka=None)
    feeder = start_up_and_feeder(home, f"{site.prefix}calls")
    with filled(disk):
        wait_for(lambda: "Free some space" in home.output(), "`up` to name the full disk", describe=home.output)
        before = len(feeder.acknowledged)
        assert home.process.poll() is None, home.output()
    wait_for(lambda: len(feeder.acknowledged) >= before + SOME, "Kafka to accept touches again", describe=home.output)
    check_exact(home, feeder)


@pytest.mark.parametrize("step_mb", [0, 64], ids=["at once", "bit by bit"])
def test_full_disk_of_kafka_and_the_engine_loses_no_touch(home: Home, disk: SmallDisk, step_mb: int) -> None:
    feeder = start_up_and_feeder(home, "calls")
    with filled(disk, step_mb << 20):
        wait_for(
            lambda: (
                "Make room" in home.output() or "Free some space" in home.output()
            ),  # the engine's message or Kafka's
            "`up` to name the full disk",
            describe=home.output,
        )
        before = len(feeder.acknowledged)
        assert home.process.poll() is None, home.output()
    wait_for(lambda: len(feeder.acknowledged) >= before + SOME, "Kafka to accept touches again", describe=home.output)
    check_exact(home, feeder)
