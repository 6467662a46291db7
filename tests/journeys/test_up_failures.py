"""`touchline up` during failures: it reports the cause, keeps the other parts running, and recovers by itself."""

import os
import signal
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from deploy.kafka_node import LEAST_FREE_BYTES
from tests.journeys.home import Home, running_home, write_calls
from tests.journeys.waiting import wait_for
from tests.small_disk import SmallDisk, mounted_or_skipped
from touchline.local.data_folder.run_file import read_run_file


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    yield from mounted_or_skipped(tmp_path, 1_200)


@pytest.fixture
def home(disk: SmallDisk, jars: Path) -> Iterator[Home]:
    folder = disk.folder / "br[red]x[/y]"
    folder.parent.mkdir()
    yield from running_home(folder, jars)


def test_up_reports_a_full_disk_and_continues_when_there_is_room(home: Home, disk: SmallDisk, tmp_path: Path) -> None:
    home.start()
    end_engine_after_a_line_that_looks_like_markup(home)
    disk.fill(leave_bytes=LEAST_FREE_BYTES - (1 << 20))
    os.kill(home.part("kafka.Kafka"), signal.SIGKILL)
    wait_for(lambda: "Kafka has stopped: the disk of" in home.output(), "the full disk to be reported")
    disk.make_room()
    wait_for(lambda: "There is disk space again. Kafka runs." in home.output(), "Kafka to continue")
    home.import_calls(write_calls(tmp_path / "calls.jsonl", 100))
    home.wait_audited(100)
    assert home.output().count("Kafka has stopped") == 1
    assert home.stop(signal.SIGINT, whole_group=True) == 0


def end_engine_after_a_line_that_looks_like_markup(home: Home) -> None:
    """End the engine; `touchline up` prints its last lines and restarts it."""
    run = read_run_file(home.folder)
    assert run is not None
    address = urlsplit(run.reader)
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(f"http://{address.hostname}:{address.port}/?user=%5B/tmp/x%5D&password=a")
    os.kill(home.part("deploy.engine"), signal.SIGKILL)
    wait_for(lambda: "The engine was restarted." in home.output(), "the engine to be restarted")
    assert "br[red]x[/y]/engine.log" in home.output()
    assert "Traceback" not in home.output()
