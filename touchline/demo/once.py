"""The demo run once to its end, with a tally of every line."""

import signal
import time

from schemas.plural import counted
from sinks.clickhouse.client import connect, parse_address
from sources.imports import Report
from touchline.demo.account import Account, read_stored, take_account
from touchline.demo.play import demo_settings, feed_all, wait_drained
from touchline.demo.recordings import MADE_UP_NOTE
from touchline.local.system import LocalSystem
from touchline.local.up import print_step


def run_once(data: str | None) -> Account:
    """Start everything, send the recordings, wait, audit and stop."""
    started_s = time.monotonic()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # like Ctrl-C: everything is stopped in order
    with demo_settings(data) as (settings, jars), LocalSystem(settings, print_step, jars) as system:
        print_step(f"sending three recordings; {MADE_UP_NOTE}")
        last = [0.0]

        def progress(name: str, report: Report) -> None:
            if time.monotonic() - last[0] > 1:
                last[0] = time.monotonic()
                print_step(f"{name}: {counted(report.read, 'line')}")

        before = read_stored(connect(parse_address(system.reader_url), "read"))
        reports = feed_all(system, progress)
        print_step("waiting until every stage has processed all records")
        lag = wait_drained(system)
        print_step("auditing: scores, counts and sessions recomputed from the touches")
        return take_account(system, reports, lag, time.monotonic() - started_s, before)
