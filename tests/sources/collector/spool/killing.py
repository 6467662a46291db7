"""Running `spool_process.py` and killing it."""

import subprocess
import sys
import threading
from pathlib import Path

from sources.collector.sink import RawRecord
from sources.collector.spool.frame import read_frames
from sources.collector.spool.segment import list_segments
from tests.house.files import ROOT


def start(*arguments: str) -> "subprocess.Popen[str]":
    """Start the process and return once it has its spool."""
    command = [sys.executable, "-m", "tests.sources.collector.spool.spool_process", *arguments]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    return process


def append_until_killed(folder: Path, topic: str, prefix: str, lines: int, pause_s: float) -> list[str]:
    """Append in a process, kill it `pause_s` after that many records were durable; return the ids it acknowledged."""
    process = start("append", str(folder), topic, prefix)
    assert process.stdout is not None
    acknowledged = [process.stdout.readline().strip() for _ in range(lines)]
    threading.Timer(pause_s, process.kill).start()
    acknowledged += [line.strip() for line in process.stdout if line.endswith("\n")]
    process.wait()
    process.stdout.close()
    return acknowledged


def spooled(folder: Path) -> list[RawRecord]:
    """Return the records of all segments."""
    return [
        one for path in list_segments(folder) for one in read_frames(path.read_bytes()) if isinstance(one, RawRecord)
    ]
