"""The access log: one JSON object a line, written when it is flushed, and given up when it cannot be written."""

import io
import json

from sources.collector.access_log import AccessLog


def add(log: AccessLog) -> None:
    log.write(1_700_000_000_000, "POST", "touches", 200, 0.0123456, 378, "k-shop")


def test_a_line_has_these_fields_and_no_others() -> None:
    stream = io.StringIO()
    log = AccessLog(stream)
    add(log)
    assert stream.getvalue() == ""
    log.flush()
    assert json.loads(stream.getvalue()) == {
        "at_ms": 1_700_000_000_000,
        "method": "POST",
        "route": "touches",
        "status": 200,
        "ms": 12.346,
        "bytes": 378,
        "key": "k-shop",
    }
    assert stream.getvalue().endswith("}\n")


def test_many_lines_are_written_before_the_flush() -> None:
    stream = io.StringIO()
    log = AccessLog(stream)
    for _ in range(1_000):
        add(log)
    assert stream.getvalue().count("\n") == 1_000


def test_without_a_stream_nothing_is_kept() -> None:
    log = AccessLog(None)
    add(log)
    log.flush()
    assert log._lines == []


class FullDisk(io.StringIO):
    """A file on a full disk."""

    def flush(self) -> None:
        raise OSError("No space left on device")


def test_a_log_that_cannot_be_written_is_given_up() -> None:
    stream = FullDisk()
    log = AccessLog(stream)
    for _ in range(3):
        add(log)
        log.flush()
    assert stream.getvalue().count("\n") == 1
