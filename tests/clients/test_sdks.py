"""Real SDKs for Python and Node, unchanged, against a running collector: what they send arrives, once, as it should."""

import time
from collections.abc import Callable
from typing import Final

import pytest

from tests.clients.calls import FAMILIES
from tests.clients.collector_process import Sender
from tests.clients.interrupted import losing_first_answer
from tests.clients.programs import run_node, run_python
from tests.clients.received import check_touches

PYTHON: Final = tuple(FAMILIES)
NODE: Final = ("segment", "rudderstack", "snowplow")


def check_family(family: str, run: Callable[[str, str, str], None], sender: Sender) -> None:
    """Run an SDK against a collector, and compare the records in the raw topics with what they should be."""
    expected = FAMILIES[family][1]
    earliest_ms = time.time_ns() // 1_000_000
    run(family, sender.address, sender.key)
    check_touches(sender.received(len(expected)), expected, earliest_ms, time.time_ns() // 1_000_000)


@pytest.mark.parametrize("family", PYTHON)
def test_sdks_for_python(family: str, sender: Sender) -> None:
    check_family(family, run_python, sender)


@pytest.mark.parametrize("family", NODE)
def test_sdks_for_node(family: str, sender: Sender) -> None:
    check_family(family, run_node, sender)


@pytest.mark.parametrize("family", PYTHON)
def test_a_lost_answer_repeats_events_under_their_ids(family: str, sender: Sender) -> None:
    with losing_first_answer(sender.address) as address:
        run_python(family, address, sender.key)
    expected = len(FAMILIES[family][1])
    received = sender.received(expected + 1)
    by_id = {touch["event_id"]: touch for _, touch in received}
    assert len(by_id) == expected
    # Intake compares the time, too, so a repetition must not change it.
    assert all(touch["occurred_at"] == by_id[touch["event_id"]]["occurred_at"] for _, touch in received)
