"""Exits: with a reason and a code, also when the log streams are closed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from streams.fail_fast import CONFIG_CODE, EXIT_CODE

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("code", [EXIT_CODE, CONFIG_CODE])
def test_logs_the_reason_and_exits_with_the_code(code: int) -> None:
    program = f"from streams.fail_fast import exit_now; exit_now('No room.', code={code})"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == code
    assert b"No room. The worker exits with code %d" % code in done.stderr


HALF_A_LINE = "sys.stdout = open(1, 'w'); print('half a line', end='')"


@pytest.mark.parametrize("prelude", [HALF_A_LINE, "sys.stdout = None", "sys.stderr.close()"])
def test_exits_when_log_streams_are_closed(prelude: str) -> None:
    """An exception during the exit would count as the handler's, and the next batch would be processed."""
    reading, writing = os.pipe()
    os.close(reading)
    program = (
        f"import sys; from streams.fail_fast import exit_now\n{prelude}\ntry: exit_now('x')\nexcept BaseException: pass"
    )
    try:
        done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, stdout=writing, stderr=writing, check=False)
    finally:
        os.close(writing)
    assert done.returncode == EXIT_CODE


FAILING_PART = """
import asyncio
import sys
from pathlib import Path
from mode import Service
from streams.runtime.app import make_app

class Part(Service):
    @Service.task
    async def _work(self):
        raise LookupError("no such thing")

async def run():
    app = make_app("g", "127.0.0.1:1", data_dir=Path(sys.argv[1]))
    part = Part(beacon=app.beacon)
    {before}
    await part.start()
    async with asyncio.timeout(10):
        while not part.crashed:
            await asyncio.sleep(0.01)
    await app.crash(ValueError("a later one"))

asyncio.run(run())
print("continued")
"""


def run_failing_part(before: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    program = FAILING_PART.format(before=before)
    return subprocess.run([sys.executable, "-c", program, folder], cwd=ROOT, capture_output=True, check=False)


def test_exits_when_a_service_fails_and_names_the_first_error(tmp_path: Path) -> None:
    done = run_failing_part("pass", tmp_path)
    assert done.returncode == EXIT_CODE
    assert b"A service of the worker has failed: LookupError: no such thing" in done.stderr
    assert b"a later one" not in done.stderr


FAILING_START = """
import asyncio
import sys
from pathlib import Path
from streams.runtime.app import make_app

async def fail():
    raise LookupError("no such thing")

async def run():
    app = make_app("g", "127.0.0.1:1", data_dir=Path(sys.argv[1]))
    app.on_start = fail
    await app.start()

asyncio.run(run())
"""


def test_exits_when_a_service_cannot_start(tmp_path: Path) -> None:
    words: list[str | Path] = [sys.executable, "-c", FAILING_START, tmp_path]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == EXIT_CODE
    assert b"The worker could not start: LookupError: no such thing" in done.stderr


def test_an_orderly_stop_continues_although_a_service_fails(tmp_path: Path) -> None:
    """Services stop one after another, and may fail because of those that have stopped."""
    done = run_failing_part("app._stopped.set()", tmp_path)
    assert (done.returncode, done.stdout) == (0, b"continued\n"), done.stderr


WAITING_CONSUMER = """
import asyncio
import os
import sys
from pathlib import Path
from streams.runtime.app import make_app

async def run():
    app = make_app("g", "127.0.0.1:1", data_dir=Path(sys.argv[1]), commit_interval_s=0.01)
    consumer, turns = app.consumer, []
    commit = consumer.commit

    async def count_turns():
        await commit()
        turns.append(None)

    consumer.commit = count_turns
    starting = asyncio.create_task(consumer.start())
    async with asyncio.timeout(60):
        while len(turns) < 3 and not starting.done():
            await asyncio.sleep(0.01)
    print("gave up" if starting.done() else "still waiting", flush=True)
    os._exit(0)  # the thread would keep retrying

asyncio.run(run())
"""


def test_a_consumer_waits_for_kafka_through_the_timers_of_faust(tmp_path: Path) -> None:
    """Faust's timers run from the start: one that reads the assignment would fail without a connection."""
    words: list[str | Path] = [sys.executable, "-c", WAITING_CONSUMER, tmp_path]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, check=False, timeout=120)
    assert done.stdout == b"still waiting\n", done.stderr
