"""`touchline up`: it restarts parts that end by themselves, stops in order, and continues where it stopped."""

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
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

STOP_S = 120.0  # three parts in turn, each of which may take half a minute
CALL = '{"type": "answered", "direction": "inbound", "occurred_at": "%sT10:00:00Z", "customer_id": "c1"}'


def children_of(pid: int) -> set[int]:
    """Return the ids of all descendants of a process."""
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
    """Return whether a process runs and is not a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def post(collector: str, key: str) -> str:
    """Return the collector's answer to a request without a touch."""
    request = urllib.request.Request(
        f"{collector}/v1/touches", b"[]", {"Authorization": f"Bearer {key}"}, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            return str(answer.read().decode())
    except urllib.error.HTTPError as error:
        return error.read().decode()


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

    def launch(self) -> None:
        """Start it without waiting."""
        with self.log.open("ab") as log:
            self.up = subprocess.Popen(
                [sys.executable, "-m", "touchline", "up"],
                env=self.env, cwd=ROOT, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def start(self) -> None:
        """Start it and wait until it reports that it runs."""
        self.launch()
        wait_for(self._running, "touchline up to be up")

    def _running(self) -> RunFile | None:
        assert self.process.poll() is None, self.output()
        return read_run_file(self.folder)

    def output(self) -> str:
        return self.log.read_text()

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run another command on the same folder."""
        return subprocess.run(
            [sys.executable, "-m", "touchline", *words],
            env=self.env, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S, check=False,
        )  # fmt: skip

    def import_calls(self, file: Path) -> None:
        """Import calls."""
        done = self.run("import", "jsonl", str(file), "--channel", "calls")
        assert done.returncode == 0, done.stderr

    def part(self, mark: str) -> int:
        """Return the process whose command line contains `mark`, without guards (they run with -I)."""
        found = [
            pid for pid in children_of(self.process.pid) if mark in (line := command_line(pid)) and " -I " not in line
        ]
        assert len(found) == 1, [command_line(pid) for pid in found]
        return found[0]

    def wait_audited(self, touches: int) -> None:
        """Wait until exactly `touches` touches are stored and the audit passes."""
        found: list[Audit] = []

        def audited() -> bool:
            run = read_run_file(self.folder)
            assert run is not None, self.output()
            try:
                client = connect(parse_address(run.reader), "read")
                found[:] = [audit(client, Scope("main"), half_life_ms=HALF_LIFE_MS)]
            except (StoreUnavailableError, ClickHouseError):  # it is being restarted
                return False
            return found[0].touches >= touches and found[0].ok

        wait_for(audited, f"{touches} touches", describe=lambda: f": {found}\n{self.output()}")
        assert found[0].touches == touches

    def stop(self, number: signal.Signals, whole_group: bool, parts: int = 4) -> int:
        """Send a signal, wait until the process and all its descendants have ended, and return the exit code."""
        mine = children_of(self.process.pid)
        assert len(mine) >= 2 * parts, "each part has a guard"
        (os.killpg if whole_group else os.kill)(self.process.pid, number)
        code = self.process.wait(STOP_S)
        wait_for(lambda: not any(map(runs, mine)), "all descendants to end", STOP_S)
        return code


@pytest.fixture
def home(tmp_path: Path, jars: Path) -> Iterator[Home]:
    home = Home(tmp_path / "home", jars)
    yield home
    if home.up is not None and home.up.poll() is None:
        mine = children_of(home.up.pid)
        home.up.kill()
        home.up.wait()
        wait_for(lambda: not any(map(runs, mine)), "all processes to end")


def write_calls(path: Path, count: int) -> Path:
    """Write `count` calls of ten callers, as an export lists them."""
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


def test_a_touch_sent_with_the_printed_command_is_stored(home: Home) -> None:
    """The demo key is printed and stays the same; once revoked, it is refused and not printed any more."""
    home.start()
    wait_for(lambda: "try  " in home.output(), "the addresses to be printed")
    command = home.output().partition("Send a touch:")[2].partition("}'")[0] + "}'"
    sent = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=PATIENCE_S, check=True)
    assert '"accepted":1' in sent.stdout.replace(" ", ""), sent
    home.wait_audited(1)
    status = json.loads(home.run("status", "--json").stdout)
    where = json.loads(home.run("where", "--json").stdout)
    assert status["collector"] == {"address": where["collector"], "ready": True}
    key = (home.folder / "demo.key").read_text().strip()
    assert home.run("key", "revoke", key).returncode == 0
    wait_for(lambda: "unknown_key" in post(where["collector"], key), "the revoked key to be refused")
    assert home.stop(signal.SIGINT, whole_group=True) == 0
    assert not any(key in log.read_text() for log in home.folder.glob("*.log") if log != home.log)

    home.log.unlink()
    home.start()
    wait_for(lambda: "The demo key is revoked" in home.output(), "the notice")
    assert key not in home.output()
    assert home.stop(signal.SIGTERM, whole_group=False) == 0


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
