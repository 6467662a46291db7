"""A child's log has a limited size while the child runs, and no written line is lost."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.guard import RotatingLog
from deploy.log_file import TAIL_BYTES
from deploy.process import LOGS_KEPT, Child
from tests.deploy.file_limit import largest_file
from tests.deploy.processes import DEADLINE_S, is_gone, wait_for

LINE = "print('%06d' % number, flush=True)"  # 7 bytes


def counting(lines: int, log: Path, limit_bytes: int, then: str = "") -> Child:
    """A child that prints numbered lines."""
    script = f"for number in range({lines}): {LINE}\n{then}"
    return Child("counter", [sys.executable, "-c", script], log, log_limit_bytes=limit_bytes)


def read_all(log: Path) -> str:
    """The content of all kept logs, oldest first."""
    older = [log.with_name(f"{log.name}.{number}") for number in range(LOGS_KEPT + 5, 0, -1)]
    return "".join(path.read_text() for path in [*older, log] if path.exists())


def test_a_log_is_rotated_while_its_child_runs_and_loses_no_line(tmp_path: Path) -> None:
    log = tmp_path / "child.log"
    with counting(300, log, 1000, "import sys; sys.stdin.read(); import signal; signal.pause()") as child:
        child.wait_line(lambda line: line == "000299", DEADLINE_S)
        assert child.alive()
        assert read_all(log) == "".join(f"{number:06}\n" for number in range(300))
    assert max(path.stat().st_size for path in tmp_path.iterdir()) <= 1000
    assert sorted(path.name for path in tmp_path.iterdir()) == ["child.log", "child.log.1", "child.log.2"]


def test_a_fixed_number_of_older_logs_is_kept(tmp_path: Path) -> None:
    log = tmp_path / "child.log"
    with counting(2000, log, 700) as child:
        assert child.wait(DEADLINE_S) == 0
    names = {"child.log"} | {f"child.log.{number}" for number in range(1, LOGS_KEPT + 1)}
    assert {path.name for path in tmp_path.iterdir()} == names
    kept = read_all(log).split()
    assert kept == [f"{number:06}" for number in range(2000 - len(kept), 2000)]
    assert len(kept) >= LOGS_KEPT * 100


def test_a_line_longer_than_the_limit_is_kept_in_pieces(tmp_path: Path) -> None:
    log = tmp_path / "child.log"
    with Child("long", ["sh", "-c", "echo first; printf '%0250d\\n' 7"], log, log_limit_bytes=100) as child:
        assert child.wait(DEADLINE_S) == 0
    assert read_all(log) == f"first\n{7:0250}\n"
    assert max(path.stat().st_size for path in tmp_path.iterdir()) <= 100


def test_the_last_lines_are_found_across_a_rotation(tmp_path: Path) -> None:
    log = tmp_path / "child.log"
    log.write_text("of an earlier child\n")
    with counting(4, log, 35) as child:
        assert child.wait(DEADLINE_S) == 0
        assert child.last_lines(9) == "000000\n000001\n000002\n000003"
    assert "of an earlier child" in read_all(log)


def test_the_last_lines_of_a_large_log_are_a_bounded_part_of_it(tmp_path: Path) -> None:
    with counting(30_000, tmp_path / "child.log", 8 * TAIL_BYTES) as child:
        assert child.wait(DEADLINE_S) == 0
        lines = child.last_lines(1_000_000)
    assert TAIL_BYTES - 10 <= len(lines) <= TAIL_BYTES
    assert lines.endswith("029999")


def test_a_removed_log_is_created_by_the_next_rotation(tmp_path: Path) -> None:
    log = tmp_path / "child.log"
    script = f"number = 1; {LINE}\ninput_ = __import__('sys').argv[1]\nimport os, time\n"
    script += f"while os.path.exists(input_): time.sleep(0.01)\nfor number in range(30): {LINE}"
    with Child("child", [sys.executable, "-c", script, str(log)], log, log_limit_bytes=100) as child:
        child.wait_line(lambda line: True, DEADLINE_S)
        log.unlink()
        assert child.wait(DEADLINE_S) == 0
    assert log.read_text().endswith("000029\n")


def test_a_full_disk_does_not_block_a_child(tmp_path: Path) -> None:
    log = tmp_path / "child.log"
    child = counting(50_000, log, 10_000_000)
    with largest_file(700):
        child.start()
    assert child.wait(DEADLINE_S) == 0
    child.stop()
    assert log.stat().st_size == 700


def test_dropped_output_is_counted_in_the_log(tmp_path: Path) -> None:
    log = RotatingLog(str(tmp_path / "child.log"), 10_000, 3)
    log.write(b"first\n")
    with largest_file(6):
        log.write(b"second\n")
        log.write(b"third\n")
    log.write(b"fourth\n")
    assert read_all(tmp_path / "child.log") == "first\n[13 bytes of this log could not be written]\nfourth\n"


PARENT = """
import sys
from pathlib import Path
from deploy.process import Child
child = Child("child", sys.argv[2:], Path(sys.argv[1]), log_limit_bytes=1000)
child.start()
print(child.pid, child.guard_pid, flush=True)
sys.stdin.read()
"""
# Prints its last thousand lines only after SIGTERM.
TALKATIVE = """
import signal, sys
def end(*_):
    for number in range(200): print('%06d' % number)
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
print('ready', flush=True)
while True: signal.pause()
"""


def test_a_killed_parent_loses_no_line_of_its_child(tmp_path: Path) -> None:
    log = tmp_path / "log"
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(log), sys.executable, "-c", TALKATIVE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert parent.stdout is not None
    child, guard = map(int, parent.stdout.readline().split())
    wait_for(lambda: log.read_text() == "ready\n", "the child is ready")
    os.kill(parent.pid, signal.SIGKILL)
    wait_for(lambda: is_gone(child) and is_gone(guard), "child and guard are gone")
    assert read_all(log) == "ready\n" + "".join(f"{number:06}\n" for number in range(200))
    parent.communicate()


@pytest.mark.parametrize("umask", [0o000, 0o022])
def test_logs_and_files_of_a_child_are_readable_only_by_their_owner(tmp_path: Path, umask: int) -> None:
    log = tmp_path / "logs" / "child.log"
    before = os.umask(umask)
    try:
        with Child("child", ["sh", "-c", "mkdir folder; touch file; echo made"], log, cwd=tmp_path) as child:
            assert child.wait(DEADLINE_S) == 0
    finally:
        os.umask(before)
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("logs", "logs/child.log", "folder", "file")]
    assert modes == [0o700, 0o600, 0o700, 0o600]
