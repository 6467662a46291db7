"""`touchline up`: one command, one folder; it mends what ends by itself, stops in order, and goes on where it was."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from clickhouse_connect.driver.exceptions import ClickHouseError

from dashboards.answers.audit import Audit, audit
from dashboards.answers.scope import Scope
from sinks.clickhouse.client import StoreUnavailableError, connect, parse_address
from tests.journeys.crowd import Raw
from tests.journeys.site import HALF_LIFE_MS, ROOT, Site
from tests.journeys.waiting import PATIENCE_S, wait_for
from touchline.local.data_folder.run_file import RunFile, read_run_file
from touchline.settings import PREFIX

STOP_S = 120.0  # three parts, one after the other, of which each may take half a minute
CALL = '{"type": "answered", "direction": "inbound", "occurred_at": "%sT10:00:00Z", "customer_id": "c1"}'


def children_of(pid: int) -> set[int]:
    """Process ids of everything that a process has started, and so on."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    found, more = set[int](), {pid}
    while more:
        more = {child for child, parent in parents.items() if parent in more} - found
        found |= more
    return found


def runs(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


class Home:
    """A data folder, and the `touchline up` that runs on it."""

    def __init__(self, folder: Path, jars: Path) -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "jars").symlink_to(jars.parent)
        self.env = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        self.env |= {f"{PREFIX}DATA": str(folder), f"{PREFIX}PHONE_REGION": "DE"}
        self.up: subprocess.Popen[bytes] | None = None
        self.log = folder / "up.log"

    @property
    def process(self) -> subprocess.Popen[bytes]:
        assert self.up is not None
        return self.up

    def begin(self) -> None:
        """Start it, and wait for nothing."""
        with self.log.open("ab") as log:
            self.up = subprocess.Popen(
                [sys.executable, "-m", "touchline", "up"],
                env=self.env, cwd=ROOT, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def start(self) -> None:
        """Returns once it says that it runs."""
        self.begin()
        wait_for(self._running, "touchline up to be up")

    def _running(self) -> RunFile | None:
        assert self.process.poll() is None, self.said()
        return read_run_file(self.folder)

    def said(self) -> str:
        return self.log.read_text()

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Another command on the same folder."""
        return subprocess.run(
            [sys.executable, "-m", "touchline", *words],
            env=self.env, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S, check=False,
        )  # fmt: skip

    def bring_in(self, file: Path) -> None:
        """Import calls."""
        done = self.run("import", "jsonl", str(file), "--channel", "calls")
        assert done.returncode == 0, done.stderr

    def part(self, mark: str) -> int:
        """The process whose command line has that in it (a guard's begins with -I)."""
        found = [
            pid for pid in children_of(self.process.pid) if mark in (line := command_line(pid)) and " -I " not in line
        ]
        assert len(found) == 1, [command_line(pid) for pid in found]
        return found[0]

    def wait_audited(self, touches: int) -> None:
        """So many are stored, and everything kept is what they say."""
        found: list[Audit] = []

        def right() -> bool:
            run = read_run_file(self.folder)
            assert run is not None, self.said()
            try:
                client = connect(parse_address(run.reader), "read")
                found[:] = [audit(client, Scope("main"), half_life_ms=HALF_LIFE_MS)]
            except (StoreUnavailableError, ClickHouseError):  # it is only just being started again
                return False
            return found[0].touches >= touches and found[0].ok

        wait_for(right, f"{touches} touches")
        assert found[0].touches == touches

    def stop(self, number: signal.Signals, whole_group: bool, parts: int = 3) -> int:
        """Tell it to stop, wait until it and all it had started are gone; the exit code."""
        mine = children_of(self.process.pid)
        assert len(mine) >= 2 * parts, "each part with its guard"
        (os.killpg if whole_group else os.kill)(self.process.pid, number)
        code = self.process.wait(STOP_S)
        wait_for(lambda: not any(map(runs, mine)), "everything it had started to be gone", STOP_S)
        return code


@pytest.fixture
def home(tmp_path: Path, jars: Path) -> Iterator[Home]:
    home = Home(tmp_path / "home", jars)
    yield home
    if home.up is not None and home.up.poll() is None:
        mine = children_of(home.up.pid)
        home.up.kill()
        home.up.wait()
        wait_for(lambda: not any(map(runs, mine)), "everything to be gone")


def write_calls(path: Path, count: int) -> Path:
    """So many calls of ten callers, as an export would list them."""
    lines = [
        {
            "type": "answered",
            "direction": "inbound",
            "occurred_at": f"2026-03-{1 + n % 28:02}T10:{n % 60:02}:00Z",
            "phone": f"+4930{9010000 + n % 10}",
            "duration_s": n,
        }
        for n in range(count)
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def test_mends_stops_and_goes_on(home: Home, tmp_path: Path) -> None:
    home.start()
    home.bring_in(write_calls(tmp_path / "calls.jsonl", 300))
    check_second_start_is_refused(home)
    check_parts_come_back(home, tmp_path)
    assert home.stop(signal.SIGINT, whole_group=True) == 0
    assert not (home.folder / "running.json").exists()

    home.start()
    home.bring_in(write_calls(tmp_path / "renamed.jsonl", 700))
    home.wait_audited(700)
    assert home.stop(signal.SIGKILL, whole_group=False) == -signal.SIGKILL


def test_a_lost_engine_comes_back_from_kafka(home: Home, tmp_path: Path) -> None:
    home.start()
    home.bring_in(write_calls(tmp_path / "calls.jsonl", 300))
    home.wait_audited(300)
    assert home.stop(signal.SIGINT, whole_group=True) == 0
    shutil.rmtree(home.folder / "clickhouse")

    home.begin()
    assert home.process.wait(PATIENCE_S) == 78
    assert "`touchline rebuild`" in home.said()
    done = home.run("rebuild", "--yes", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["rows"]["events"] == 300
    assert not (home.folder / "running.json").exists()

    home.start()
    home.wait_audited(300)
    assert home.stop(signal.SIGINT, whole_group=True) == 0


def test_with_kafka_and_clickhouse_of_others(home: Home, site: Site) -> None:
    """Only the worker is its own then."""
    home.env |= site.env(data=home.folder)
    home.start()
    site.feed([Raw("calls", 0, (CALL % "2026-03-01").encode())])
    site.wait_drained()
    assert site.count("events") == 1
    assert home.stop(signal.SIGTERM, whole_group=False, parts=1) == 0


def test_ends_where_starting_again_would_not_help(home: Home, site: Site, tmp_path: Path) -> None:
    """The worker finds that the site began with another half-life."""
    site.feed([Raw("calls", 0, (CALL % "2026-03-01").encode())])
    worker = site.start(instance="")  # one that leaves its group at once
    site.wait_drained()
    worker.stop()
    rules = tmp_path / "rules.toml"
    rules.write_text('half_life_days = 3\nlate_days = 35\n[[rule]]\nname = "c"\nchannel = "calls"\nweight = 2\n')
    home.env |= site.env(data=home.folder, rules=rules)
    home.begin()
    assert home.process.wait(PATIENCE_S) == 78
    assert "This site was started with a half-life of 7 days, the rules set 3" in home.said()
    assert "was restarted" not in home.said()
    assert "Traceback" not in home.said()


def check_second_start_is_refused(home: Home) -> None:
    done = home.run("up")
    assert done.returncode == 78
    assert done.stdout == ""
    said = done.stderr.strip().splitlines()
    assert len(said) == 1, done.stderr
    assert f"in use by process {home.process.pid}" in done.stderr


def check_parts_come_back(home: Home, tmp_path: Path) -> None:
    """Each of the three is killed; touches that come meanwhile are there in the end, once."""
    worker = home.part("touchline worker")
    os.kill(home.part("kafka.Kafka"), signal.SIGKILL)
    wait_for(lambda: home.said().count("Kafka was restarted.") == 1, "Kafka to be started again")
    home.bring_in(write_calls(tmp_path / "more.jsonl", 400))
    home.wait_audited(400)
    assert home.part("touchline worker") == worker, "the worker goes on by itself"

    os.kill(home.part("deploy.engine"), signal.SIGKILL)
    home.bring_in(write_calls(tmp_path / "still-more.jsonl", 500))
    os.kill(worker, signal.SIGKILL)
    wait_for(lambda: home.said().count("was restarted.") == 3, "engine and worker to be started again")
    home.bring_in(write_calls(tmp_path / "most.jsonl", 600))
    home.wait_audited(600)
