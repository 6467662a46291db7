"""A data folder of its own and the `touchline up` that runs on it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from clickhouse_connect.driver.exceptions import ClickHouseError

from dashboards.answers.audit import Audit, audit
from dashboards.answers.scope import Scope
from sinks.clickhouse.client import StoreUnavailableError, connect, parse_address
from tests.journeys.site import HALF_LIFE_MS, ROOT
from tests.journeys.waiting import PATIENCE_S, wait_for
from touchline.local.data_folder.run_file import RunFile, read_run_file
from touchline.settings import PREFIX

STOP_S = 120.0  # four parts in turn, each of which may take half a minute


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


def running_home(folder: Path, jars: Path) -> Iterator[Home]:
    """Yield a data folder, and end what runs on it."""
    home = Home(folder, jars)
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
