"""Misconfigurations: each is reported in one clear sentence with the right exit code, and nothing is lost."""

import json
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deploy.folder_lock import lock_folder
from deploy.ports import LOOPBACK
from tests.journeys.crowd import CHANNELS, Raw
from tests.journeys.engine import Engine
from tests.journeys.site import Site
from tests.journeys.waiting import wait_for

RULES = 'half_life_days = {half_life}\nlate_days = 35\n[[rule]]\nname = "{name}"\nchannel = "calls"\nweight = 2\n'
CONFIG = 78  # exit code: the configuration must be changed

Settings = dict[str, Any]


@contextmanager
def other_partitions(site: Site) -> Iterator[Settings]:
    yield {"raw_partitions": 3}


@contextmanager
def bad_rules(site: Site) -> Iterator[Settings]:
    path = site.folder / "bad.toml"
    path.write_text(
        'half_life_days = 7\n[[rule]]\nname = "a"\nchannel = "smoke"\nweight = 1\n'
        '[[rule]]\nname = "b"\nchannel = "calls"\nweight = "much"\n'
    )
    yield {"rules": path}


@contextmanager
def bad_settings(site: Site) -> Iterator[Settings]:
    yield {"raw_partitions": 0, "phone_region": "Atlantis"}


@contextmanager
def wrong_password(site: Site) -> Iterator[Settings]:
    yield {"clickhouse": site.engine.url(site.name).replace(":w@", ":guess@")}


@contextmanager
def no_such_scheme(site: Site) -> Iterator[Settings]:
    yield {"clickhouse": "clickhouse.example:9000"}


@contextmanager
def taken_port(site: Site) -> Iterator[Settings]:
    with socket.create_server((LOOPBACK, 0)) as taken:
        yield {"metrics_port": taken.getsockname()[1]}


@contextmanager
def newer_tables(site: Site) -> Iterator[Settings]:
    client = site.client()
    client.command("INSERT INTO schema_migrations (number, name, checksum) VALUES (901, 'moods', 'x')")
    try:
        yield {}
    finally:
        client.command("ALTER TABLE schema_migrations DELETE WHERE number = 901 SETTINGS mutations_sync = 1")


@contextmanager
def other_half_life(site: Site) -> Iterator[Settings]:
    path = site.folder / "half.toml"
    path.write_text(RULES.format(half_life=3, name="call"))
    yield {"rules": path}


@contextmanager
def other_identifiers(site: Site) -> Iterator[Settings]:
    yield {"identifiers": "master_id,email,customer_id,crm,phone,anonymous_id"}


@dataclass(frozen=True, slots=True)
class Case:
    """A misconfiguration, the required parts of its message, and the number of lines of the message."""

    wrong: Callable[[Site], AbstractContextManager[Settings]]
    messages: tuple[str, ...]
    lines: int = 1


CASES = [
    Case(
        other_partitions,
        ("visits has 2 partitions, the settings say 3", "TOUCHLINE_RAW_PARTITIONS"),
        lines=len(CHANNELS),
    ),
    Case(bad_rules, ("bad.toml:4:", "smoke", "bad.toml:9:", "weight"), lines=2),
    Case(bad_settings, ("TOUCHLINE_RAW_PARTITIONS=", "TOUCHLINE_PHONE_REGION='Atlantis'"), lines=2),
    Case(wrong_password, ("refuses user 'writer'", "TOUCHLINE_CLICKHOUSE")),
    Case(no_such_scheme, ("TOUCHLINE_CLICKHOUSE: ", "begins with http:// or https://")),
    Case(newer_tables, ("901_moods, which this version does not know", "at least as new")),
    Case(taken_port, ("for /metrics is taken", "TOUCHLINE_METRICS_PORT")),
    Case(other_half_life, ("with a half-life of 7 days, the rules set 3",)),
    Case(other_identifiers, ("Set TOUCHLINE_IDENTIFIERS so that it keeps the former order",)),
]


def call(event_id: str) -> Raw:
    touch = {"event_id": event_id, "type": "answered", "direction": "inbound", "occurred_at": "2026-03-01T10:00:00Z"}
    return Raw("calls", 0, json.dumps(touch | {"customer_id": "c1", "email": "c1@example.com"}).encode())


@pytest.fixture(scope="module")
def stored(kafka: str, engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that has stored a touch and whose worker has stopped."""
    with ExitStack() as stack:
        site = Site(kafka, engine, tmp_path_factory.mktemp("stored"))
        stack.callback(site.close)
        site.make_raw_topics()
        site.feed([call("a")])
        worker = site.start()
        site.wait_drained()
        worker.stop()
        yield site


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.wrong.__name__)
def test_worker_reports_a_misconfiguration_and_exits(stored: Site, case: Case) -> None:
    with case.wrong(stored) as changed:
        done = stored.run("worker", instance="one", **changed)
    message = done.stderr.strip() or done.stdout.strip()
    assert done.returncode == CONFIG, message
    for part in case.messages:
        assert part in message
    assert "Traceback" not in message
    assert len([line for line in message.splitlines() if "metrics at" not in line]) == case.lines, message


def test_next_worker_continues_after_all_misconfigurations(stored: Site) -> None:
    stored.feed([call("a"), call("again")])
    worker = stored.start()
    stored.wait_drained()
    worker.stop()
    assert stored.rows("SELECT event_id FROM events ORDER BY 1") == [("a",), ("again",)]
    assert stored.audit().ok


def test_worker_waits_for_kafka(stored: Site) -> None:
    with socket.socket() as held:
        held.bind((LOOPBACK, 0))  # bound but not listening, so that no other process can take the port
        address = f"{LOOPBACK}:{held.getsockname()[1]}"
        worker = stored.start("waits", kafka=address)
        wait_for(lambda: f"Kafka at {address} does not answer" in worker.output(), "the worker to report that it waits")
        worker.may_end = True
        worker.child.stop()
    assert worker.child.exit_code == -signal.SIGTERM, "the worker had started nothing that requires an orderly stop"
    assert worker.output().count("does not answer") == 1
    assert "Traceback" not in worker.output()


def test_up_refuses_a_folder_in_use(stored: Site, tmp_path: Path) -> None:
    with lock_folder(tmp_path / "taken"):
        done = stored.run("up", data=tmp_path / "taken")
    assert done.returncode == CONFIG
    assert "is in use by process" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr


def test_other_rules_in_another_worker_are_reported_once(stored: Site) -> None:
    """Intake has the user's rules and engage the default ones; both continue."""
    path = stored.folder / "mine.toml"
    path.write_text(RULES.format(half_life=7, name="mine"))
    intake = stored.start("intake", ["intake"], rules=path)
    rest = [stored.start(stage, [stage]) for stage in ("engage", "store")]
    for number in range(3):
        stored.feed([call(f"mine{number}")])
        stored.wait_drained(separate_groups=True)
    message = "were scored by other rules"
    assert [one.output().count(message) for one in (intake, *rest)] == [0, 1, 0]
    assert rest[0].metric("touchline_other_rules_total") == 3
    for worker in (intake, *rest):
        worker.stop()
