import threading

from sources.buffer import Buffer, Counts


def test_counts_and_failures_told_once() -> None:
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


def test_it_is_full_at_its_limit_and_a_giant_goes_alone() -> None:
    buffer = Buffer(100)
    assert buffer.reserve(100, 0)
    assert not buffer.reserve(1, 0)
    buffer.release(100)
    assert buffer.reserve(500, 0)
    assert not buffer.reserve(1, 0)
    buffer.release(500)
    assert buffer.counts().pending == 0


def test_who_waits_goes_on_when_there_is_room() -> None:
    buffer = Buffer(10)
    assert buffer.reserve(10, 0)
    got: list[bool] = []
    waiting = threading.Thread(target=lambda: got.append(buffer.reserve(10, 30)))
    waiting.start()
    buffer.acknowledge("visits", 10)
    waiting.join(30)
    assert got == [True]
    assert buffer.counts().pending == 1
