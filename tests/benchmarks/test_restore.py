"""Figures of a restored worker, and the people it is loaded with."""

import json

import pytest

from tests.benchmarks.restore import POLL_S, Held, Restored, Start, generate_people


def restored(empty: Start, full: Start) -> Restored:
    return Restored(Held(identifiers=90_000, blocks=10_000, bytes=1 << 20), empty, full, loaded_rss_bytes=1 << 30)


def test_the_needs_of_an_empty_worker_are_subtracted() -> None:
    found = restored(Start(2.0, 1.5, 100 << 20), Start(4.0, 2.5, 300 << 20))
    assert found.restore_s == pytest.approx(2.0)
    assert found.keys_per_s == pytest.approx(50_000)
    assert found.keys_per_cpu_s == pytest.approx(100_000)
    assert found.state_rss_bytes == 200 << 20


def test_figures_are_limited_by_the_resolution_of_the_clock() -> None:
    faster = restored(Start(2.0, 1.5, 0), Start(1.9, 1.4, 0))
    assert faster.restore_s == POLL_S
    assert faster.keys_per_s == 100_000 / POLL_S


def test_people_rotate_and_ids_are_distinct() -> None:
    messages = list(generate_people(people=10, touches=35))
    touches = [json.loads(message.value) for message in messages]
    assert [touch["anonymous_id"] for touch in touches[:12]] == [f"{n:x}-a" for n in (*range(10), 0, 1)]
    assert len({touch["event_id"] for touch in touches}) == 35
    others = {json.loads(message.value)["event_id"] for message in generate_people(10, 35, seed=11)}
    assert not others & {touch["event_id"] for touch in touches}
    assert all("email" not in touch and "customer_id" not in touch for touch in touches)
