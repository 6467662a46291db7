"""The byte limit and the counts of touches in flight."""

import threading

from sources.buffer import Buffer, Counts


def test_failures_are_counted_and_taken_once() -> None:
    buffer = Buffer(100)
    assert all(buffer.reserve(10, 0) for _ in range(4))
    buffer.acknowledge("visits", 10)
    buffer.fail("calls", 10, "gone")
    buffer.release(10)
    assert buffer.counts() == Counts({"visits": 1}, {"calls": 1}, 1)
    assert buffer.take_failures() == (1, "gone")
    assert buffer.take_failures() == (0, "")
    assert buffer.wait_empty(0) == 1
    buffer.acknowledge("visits", 10)
    assert buffer.wait_empty(0) == 0


def test_a_touch_larger_than_the_limit_is_admitted_alone() -> None:
    buffer = Buffer(100)
    assert buffer.reserve(100, 0)
    assert not buffer.reserve(1, 0)
    buffer.release(100)
    assert buffer.reserve(500, 0)
    assert not buffer.reserve(1, 0)
    buffer.release(500)
    assert buffer.counts().pending == 0


def test_a_waiting_thread_continues_when_space_is_free() -> None:
    buffer = Buffer(10)
    assert buffer.reserve(10, 0)
    got: list[bool] = []
    waiting = threading.Thread(target=lambda: got.append(buffer.reserve(10, 30)))
    waiting.start()
    buffer.acknowledge("visits", 10)
    waiting.join(30)
    assert got == [True]
    assert buffer.counts().pending == 1
