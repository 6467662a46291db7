"""Rate limits of log messages."""

import logging

import pytest
from aiokafka.errors import KafkaConnectionError

from streams.kafka import log_rate_limit
from streams.kafka.log_rate_limit import RateLimit


def make_record(wording: str, level: int = logging.ERROR) -> logging.LogRecord:
    return logging.LogRecord("aiokafka.conn", level, "", 0, wording, (), None)


@pytest.mark.parametrize("up_s", [7.0, 1000.0], ids=["just started", "running for long"])
@pytest.mark.parametrize(
    ("patience_s", "at_s", "passed"),
    [
        (0.0, [0, 1, 4.9, 5.1, 6], [True, False, False, True, False]),
        (0.0, [0, 6, 14, 15, 17, 26, 37], [True, True, False, False, True, False, True]),
        (10.0, [0, 4, 8, 12, 13, 17.5], [False, False, False, True, False, True]),
        (10.0, [0, 20, 40], [False, False, False]),
    ],
)
def test_a_repeated_message_passes_at_intervals(
    monkeypatch: pytest.MonkeyPatch, patience_s: float, at_s: list[float], passed: list[bool], up_s: float
) -> None:
    filter_ = RateLimit(patience_s)
    found = []
    for now_s in at_s:
        monkeypatch.setattr("time.monotonic", lambda now_s=now_s: up_s + now_s)
        found.append(filter_.filter(make_record("no answer")))
    assert found == passed


def test_the_pause_between_lines_grows_to_a_minute_and_is_reset(monkeypatch: pytest.MonkeyPatch) -> None:
    filter_ = RateLimit()
    passed_s = []
    for now_s in [*range(600), *range(620, 640)]:
        monkeypatch.setattr("time.monotonic", lambda now_s=now_s: float(now_s))
        if filter_.filter(make_record("no answer")):
            passed_s.append(now_s)
    assert passed_s == [0, 5, 15, 35, *range(75, 600, 60), 620, 625, 635]


def test_each_wording_has_its_own_limit() -> None:
    filter_ = RateLimit()
    assert filter_.filter(make_record("one"))
    assert filter_.filter(make_record("two"))
    whole = RateLimit(as_a_whole=True)
    assert whole.filter(make_record("one"))
    assert not whole.filter(make_record("two"))


def test_messages_of_mode_timers_are_dropped_and_info_passes() -> None:
    filter_ = RateLimit()
    assert not filter_.filter(make_record("Timer %s is overlapping (interval=%r runtime=%r)"))
    for _ in range(2):
        assert filter_.filter(make_record("joined", logging.INFO))


def test_each_logger_gets_its_filter_once() -> None:
    logger = logging.getLogger("aiokafka.some.module")
    log_rate_limit.limit_log_rates()
    log_rate_limit.limit_log_rates()
    assert [type(one) for one in logger.filters] == [log_rate_limit.KafkaClientRateLimit]


def make_error(error: Exception) -> logging.LogRecord:
    wording = "Task exception was never retrieved"
    return logging.LogRecord("asyncio", logging.ERROR, "", 0, wording, (), (type(error), error, None))


def test_kafka_clients_share_one_limit_without_tracebacks(monkeypatch: pytest.MonkeyPatch) -> None:
    clients = log_rate_limit.KafkaClientRateLimit()
    tasks = log_rate_limit.AbandonedTaskRateLimit(clients)
    monkeypatch.setattr("time.monotonic", lambda: 0.0)
    assert not tasks.filter(make_error(KafkaConnectionError("gone")))
    monkeypatch.setattr("time.monotonic", lambda: 9.0)
    assert not clients.filter(make_record("one"))
    monkeypatch.setattr("time.monotonic", lambda: 11.0)
    record = make_error(KafkaConnectionError("gone"))
    assert tasks.filter(record)
    assert record.exc_info is None
    assert not clients.filter(make_record("another"))


def test_errors_of_other_tasks_keep_their_tracebacks() -> None:
    tasks = log_rate_limit.AbandonedTaskRateLimit(log_rate_limit.KafkaClientRateLimit())
    for _ in range(2):
        record = make_error(LookupError("a fault of ours"))
        assert tasks.filter(record)
        assert record.exc_info is not None
