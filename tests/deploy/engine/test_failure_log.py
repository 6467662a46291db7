"""Failures are logged in short, printable lines, up to a limit."""

import urllib3
from hypothesis import given
from hypothesis import strategies as st

from deploy.engine.failure_log import LINES, WITHIN_S, FailureLog, printable
from tests.deploy.engine.engine_processes import Engine


def test_unauthenticated_requests_cannot_fill_the_log(engine: Engine) -> None:
    before = engine.log.stat().st_size
    pool = urllib3.HTTPConnectionPool("127.0.0.1", engine.ready.port)
    for _ in range(1000):
        assert pool.request("POST", "/?query_id=" + "q" * 190, body=b"x", retries=False).status == 401
    assert engine.log.stat().st_size - before < LINES * 600


@given(st.text(max_size=700))
def test_a_line_of_the_log_is_short_and_printable(text: str) -> None:
    shown = printable(text)
    assert shown.isprintable()
    assert len(shown) <= 500
    assert shown == text or not text.isprintable() or len(text) > 500


def test_suppressed_lines_are_counted() -> None:
    now_s = 0.0
    lines: list[str] = []
    log = FailureLog(lambda: now_s, lines.append)
    for _ in range(LINES + 7):
        log.write("x")
    assert lines == ["x"] * LINES
    now_s = WITHIN_S
    log.write("y")
    assert lines[LINES:] == ["7 more failed requests are not listed.", "y"]
