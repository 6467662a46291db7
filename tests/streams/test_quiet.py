"""Sparing with words."""

import logging

import pytest

from streams import quiet
from streams.quiet import Sparse


def make_record(wording: str, level: int = logging.ERROR) -> logging.LogRecord:
    return logging.LogRecord("aiokafka.conn", level, "", 0, wording, (), None)


@pytest.mark.parametrize("up_s", [7.0, 1000.0], ids=["a machine just started", "one that has run for long"])
@pytest.mark.parametrize(
    ("patience_s", "at_s", "passed"),
    [
        (0.0, [0, 1, 4.9, 5.1, 6], [True, False, False, True, False]),
        (10.0, [0, 4, 8, 12, 13, 17.5], [False, False, False, True, False, True]),
        (10.0, [0, 20, 40], [False, False, False]),
    ],
)
def test_says_it_once_in_a_while(
    monkeypatch: pytest.MonkeyPatch, patience_s: float, at_s: list[float], passed: list[bool], up_s: float
) -> None:
    filter_ = Sparse(patience_s)
    found = []
    for now_s in at_s:
        monkeypatch.setattr("time.monotonic", lambda now_s=now_s: up_s + now_s)
        found.append(filter_.filter(make_record("no answer")))
    assert found == passed


def test_wordings_do_not_silence_each_other() -> None:
    filter_ = Sparse()
    assert filter_.filter(make_record("one"))
    assert filter_.filter(make_record("two"))
    whole = Sparse(as_a_whole=True)
    assert whole.filter(make_record("one"))
    assert not whole.filter(make_record("two"))


def test_drops_what_nobody_asked_and_leaves_the_rest_to_the_level() -> None:
    filter_ = Sparse()
    assert not filter_.filter(make_record("Timer %s is overlapping (interval=%r runtime=%r)"))
    for _ in range(2):
        assert filter_.filter(make_record("joined", logging.INFO))


def test_reaches_the_libraries_modules_once() -> None:
    logger = logging.getLogger("aiokafka.some.module")
    quiet.quieten()
    quiet.quieten()
    assert [type(one) for one in logger.filters] == [Sparse]
