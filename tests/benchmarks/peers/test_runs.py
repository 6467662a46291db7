"""Peer runs as in the benchmarks, of the peers that need only packages of Touchline, so that they run everywhere."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from kafka import KafkaAdminClient
from kafka.admin import NewTopic

from tests.benchmarks.day import CHANNELS, count_truth, generate_day
from tests.benchmarks.fill import fill
from tests.benchmarks.peers.environment import OWN
from tests.benchmarks.peers.expected import describe_differences, expect_customers
from tests.deploy.processes import wait_for
from tests.journeys.engine import Engine

PARTITIONS = 2
PATIENCE_S = 300


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = Engine(tmp_path_factory.mktemp("engine"))
    try:
        engine.start()
        yield engine
    finally:
        engine.stop()


@pytest.mark.parametrize(
    ("folder", "by"),
    [
        ("faust_stock", "key"),
        ("faust_stock", "identifier"),
        ("touchline_core", "identifier"),
        ("clickhouse_alone", "identifier"),
    ],
)
def test_day_is_processed_completely(folder: str, by: str, kafka: str, engine: Engine, tmp_path: Path) -> None:
    prefix, database = f"peer-{uuid4().hex[:8]}-", f"peer_{uuid4().hex[:8]}"
    day = list(generate_day(300, seed=2, customers=20))
    truth = count_truth(iter(day))
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    admin.create_topics([NewTopic(prefix + channel, PARTITIONS, 1) for channel in CHANNELS])
    fill(kafka, prefix, PARTITIONS, day)
    given = {
        "--kafka": kafka,
        "--prefix": prefix,
        "--clickhouse": engine.url(database),
        "--touches": str(truth.messages),
        "--folder": str(tmp_path / "state"),
        "--by": by,
        "--every": "0.2",
    }
    line = [sys.executable, str(OWN / folder / "run.py"), *(word for pair in given.items() for word in pair)]
    done = subprocess.run(line, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout.splitlines()[-1])
    found = (report["handled"], report["rows"], report["duplicates"], report["rejected"], report["wrong_customers"])
    assert found == (truth.messages, truth.stored, truth.repeats, truth.rejected, 0)
    assert report["cpu_s"] > 0
    if by == "identifier":
        customers = engine.client(database).query("SELECT customer, touches, score FROM customers").result_rows
        assert describe_differences(expect_customers(day), customers) == ""
    raw = {prefix + channel for channel in CHANNELS}  # Kafka may still list a topic shortly after its removal
    wait_for(lambda: {topic for topic in admin.list_topics() if topic.startswith(prefix)} == raw, "its topics are gone")
    admin.close()
