"""The live demo's feeder: a stop ends it between two steps, before Kafka stops."""

import threading
from collections.abc import Callable
from typing import Any, cast

import pytest

from sources.imports import Report
from touchline.demo import live
from touchline.demo.live import Feeder
from touchline.local.system import LocalSystem

SYSTEM = cast(LocalSystem, object())


class Recordings:
    """Reports progress until that raises, in place of sending recordings."""

    def __init__(self, stop: threading.Event) -> None:
        self.stop = stop
        self.reports = 0
        self.waits_end = False

    def feed_all(self, system: Any, progress: Callable[[str, Report], None], stopped: Callable[[], bool]) -> None:
        """Set the stop while the third report is on its way."""
        while self.reports < 10:
            self.reports += 1
            if self.reports == 3:
                self.stop.set()
            self.waits_end = stopped()
            progress("calls", Report())


def test_a_stop_ends_the_sending_of_recordings(monkeypatch: pytest.MonkeyPatch) -> None:
    stop = threading.Event()
    sent = Recordings(stop)
    monkeypatch.setattr(live, "feed_all", sent.feed_all)
    feeder = Feeder(SYSTEM, stop)
    feeder.run()
    assert (sent.reports, sent.waits_end) == (3, True)
    assert feeder.error == "", "a stop is no error"
    assert feeder.step == "sending calls: 0 lines"


def test_an_error_of_the_feeder_is_kept_for_the_view(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ValueError("Kafka does not answer")

    monkeypatch.setattr(live, "feed_all", fail)
    feeder = Feeder(SYSTEM, threading.Event())
    feeder.run()
    assert feeder.error == "Kafka does not answer"
