"""`touchline up`: it restarts parts that end by themselves, stops in order, and continues where it stopped."""

import json
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.crowd import Raw
from tests.journeys.home import Home, running_home, write_calls
from tests.journeys.site import Site
from tests.journeys.waiting import PATIENCE_S, wait_for

CALL = '{"type": "answered", "direction": "inbound", "occurred_at": "%sT10:00:00Z", "customer_id": "c1"}'


@pytest.fixture
def home(tmp_path: Path, jars: Path) -> Iterator[Home]:
    yield from running_home(tmp_path / "home", jars)


def test_up_restarts_parts_stops_in_order_and_continues(home: Home, tmp_path: Path) -> None:
    home.start()
    home.import_calls(write_calls(tmp_path / "calls.jsonl", 300))
    check_second_start_is_refused(home)
    check_parts_are_restarted(home, tmp_path)
    assert home.stop(signal.SIGINT, whole_group=True) == 0
    assert not (home.folder / "running.json").exists()

    home.start()
    home.import_calls(write_calls(tmp_path / "renamed.jsonl", 700))
    home.wait_audited(700)
    assert home.stop(signal.SIGKILL, whole_group=False) == -signal.SIGKILL


def test_a_lost_engine_is_restored_from_kafka(home: Home, tmp_path: Path) -> None:
    home.start()
    home.import_calls(write_calls(tmp_path / "calls.jsonl", 300))
    home.wait_audited(300)
    assert home.stop(signal.SIGINT, whole_group=True) == 0
    shutil.rmtree(home.folder / "clickhouse")

    home.launch()
    assert home.process.wait(PATIENCE_S) == 78
    assert "`touchline rebuild`" in home.output()
    done = home.run("rebuild", "--yes", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["rows"]["events"] == 300
    assert not (home.folder / "running.json").exists()

    home.start()
    home.wait_audited(300)
    assert home.stop(signal.SIGINT, whole_group=True) == 0


def test_up_with_external_kafka_and_clickhouse_runs_only_worker_and_collector(home: Home, site: Site) -> None:
    home.env |= site.env(data=home.folder)
    home.start()
    site.feed([Raw("calls", 0, (CALL % "2026-03-01").encode())])
    site.wait_drained()
    assert site.count("events") == 1
    assert home.stop(signal.SIGTERM, whole_group=False, parts=2) == 0


def test_up_exits_when_a_restart_cannot_help(home: Home, site: Site, tmp_path: Path) -> None:
    """The worker finds that the site was started with another half-life."""
    site.feed([Raw("calls", 0, (CALL % "2026-03-01").encode())])
    worker = site.start(instance="")  # without static membership, so that it leaves its group at once
    site.wait_drained()
    worker.stop()
    rules = tmp_path / "rules.toml"
    rules.write_text('half_life_days = 3\nlate_days = 35\n[[rule]]\nname = "c"\nchannel = "calls"\nweight = 2\n')
    home.env |= site.env(data=home.folder, rules=rules)
    home.launch()
    assert home.process.wait(PATIENCE_S) == 78
    assert "This site was started with a half-life of 7 days, the rules set 3" in home.output()
    assert "was restarted" not in home.output()
    assert "Traceback" not in home.output()


def check_second_start_is_refused(home: Home) -> None:
    done = home.run("up")
    assert done.returncode == 78
    assert done.stdout == ""
    message = done.stderr.strip().splitlines()
    assert len(message) == 1, done.stderr
    assert f"in use by process {home.process.pid}" in done.stderr


def check_parts_are_restarted(home: Home, tmp_path: Path) -> None:
    """Kill each of the four parts; touches sent meanwhile are stored once."""
    worker = home.part("touchline worker")
    os.kill(home.part("kafka.Kafka"), signal.SIGKILL)
    wait_for(lambda: home.output().count("Kafka was restarted.") == 1, "Kafka to be restarted")
    home.import_calls(write_calls(tmp_path / "more.jsonl", 400))
    home.wait_audited(400)
    assert home.part("touchline worker") == worker, "the worker continues without a restart"

    os.kill(home.part("deploy.engine"), signal.SIGKILL)
    home.import_calls(write_calls(tmp_path / "still-more.jsonl", 500))
    os.kill(worker, signal.SIGKILL)
    os.kill(home.part("touchline collect"), signal.SIGKILL)
    wait_for(lambda: home.output().count("was restarted.") == 4, "engine, worker and collector to be restarted")
    home.import_calls(write_calls(tmp_path / "most.jsonl", 600))
    home.wait_audited(600)
