"""Children start, stop in order, and their end is described; with real processes."""

import os
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from deploy.process import Child, ChildError
from tests.deploy.processes import DEADLINE_S, ORDERLY, STUBBORN, is_gone, wait_for


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "logs" / "child.log"


@pytest.fixture
def orderly(log: Path) -> Iterator[Child]:
    with Child("orderly", ORDERLY, log) as child:
        child.wait_line(lambda line: line == "ready", DEADLINE_S)
        yield child


def shell(script: str, log: Path) -> Child:
    """A started child that runs a shell script."""
    child = Child("script", ["sh", "-c", script], log)
    child.start()
    return child


def test_a_child_stops_in_order(orderly: Child) -> None:
    assert orderly.alive()
    orderly.stop()
    assert not orderly.alive()
    assert orderly.exit_code == 5
    assert orderly.last_lines(9) == "ready\nstopping"
    assert is_gone(orderly.pid)
    assert is_gone(orderly.guard_pid)


def test_a_parent_with_many_open_files_can_start_a_child(log: Path) -> None:
    """The guard inherits a descriptor under the parent's number, and select(2) accepts only those below 1024."""
    if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < 1200:
        pytest.skip("this process may not open 1,200 files")
    with ExitStack() as opened:
        for _ in range(1100):
            opened.enter_context(open(os.devnull, "rb"))
        with Child("orderly", ORDERLY, log) as child:
            child.wait_line(lambda line: line == "ready", DEADLINE_S)
        assert child.exit_code == 5


def test_stopping_twice_or_before_the_start_is_no_error(orderly: Child, log: Path) -> None:
    orderly.stop()
    orderly.stop()
    Child("never", ["true"], log).stop()


def test_a_child_that_ignores_sigterm_is_killed_with_its_children(log: Path) -> None:
    child = Child("stubborn", STUBBORN, log, stop_s=0.2)
    child.start()
    grandchild = int(child.wait_line(lambda line: line.startswith("grandchild"), DEADLINE_S).split()[1])
    child.stop()
    assert child.exit_code == -signal.SIGKILL
    assert is_gone(child.pid)
    wait_for(lambda: is_gone(grandchild), "the grandchild is gone")


def test_kill_sends_no_sigterm(orderly: Child) -> None:
    orderly.kill()
    assert orderly.exit_code == -signal.SIGKILL
    assert orderly.last_lines(9) == "ready"
    assert is_gone(orderly.pid)


@pytest.mark.parametrize(
    ("script", "code", "described"),
    [
        ("exit 0", 0, "ended with exit code 0"),
        ("echo sorry; exit 3", 3, "ended with exit code 3.*child.log:\nsorry"),
        ("kill -SEGV $$", -signal.SIGSEGV, "was ended by SIGSEGV"),
    ],
)
def test_how_a_child_ended_is_reported(log: Path, script: str, code: int, described: str) -> None:
    child = shell(script, log)
    assert child.wait(DEADLINE_S) == code
    assert not child.alive()
    child.stop()
    with pytest.raises(ChildError, match=described):
        child.wait_line(lambda line: False, DEADLINE_S)


def test_processes_that_a_child_left_end_with_it(log: Path) -> None:
    child = shell("sleep 600 & echo $!", log)
    left = int(child.wait_line(str.isdigit, DEADLINE_S))
    assert child.wait(DEADLINE_S) == 0
    wait_for(lambda: is_gone(left), "the process left behind is gone")
    child.stop()


def test_a_missing_command_is_reported(log: Path) -> None:
    child = Child("ghost", ["/no/such/program"], log)
    with pytest.raises(ChildError, match="ghost could not be started: /no/such/program: No such file or directory"):
        child.start()
    assert not child.alive()


def test_a_line_is_found_even_if_the_child_has_ended(log: Path) -> None:
    child = shell("echo one; echo two; echo half >&2; printf end", log)
    child.wait(DEADLINE_S)
    assert child.wait_line(lambda line: line.startswith("t"), DEADLINE_S) == "two"
    assert child.last_lines(2) == "half\nend"
    child.stop()


def test_lines_of_an_earlier_start_do_not_count(log: Path) -> None:
    for word in ("first", "second"):
        child = shell(f"echo {word}", log)
        assert child.wait_line(lambda line: True, DEADLINE_S) == word
        child.stop()
        assert child.last_lines(9) == word
    assert log.read_text() == "first\nsecond\n"


def test_a_child_that_never_prints_the_line_is_reported(orderly: Child) -> None:
    with pytest.raises(ChildError, match=r"orderly did not get ready within 0 s.*\nready"):
        orderly.wait_line(lambda line: line == "unheard", 0)
    assert orderly.alive()


def test_a_child_has_its_environment_folder_and_no_input(log: Path, tmp_path: Path) -> None:
    child = Child("script", ["/bin/sh", "-c", "echo $A; pwd; cat; echo end"], log, env={"A": "b"}, cwd=tmp_path)
    with child:
        child.wait_line(lambda line: line == "end", DEADLINE_S)
    assert child.last_lines(3).splitlines() == ["b", str(tmp_path), "end"]


def test_a_child_has_a_session_of_its_own(orderly: Child) -> None:
    """Ctrl-C in the terminal, which goes to the parent's group, does not reach the child."""
    assert os.getsid(orderly.pid) == orderly.guard_pid != os.getsid(0)
    assert os.getpgid(orderly.pid) == orderly.pid


def test_a_child_inherits_only_the_files_meant_for_it(log: Path) -> None:
    kept, other = os.pipe()
    os.set_inheritable(other, True)
    script = "import os; print(*[n for n in range(3, 5000) if os.path.exists(f'/dev/fd/{n}')])"
    try:
        with Child("lister", [sys.executable, "-c", script], log, keep_fds=[kept]) as child:
            assert child.wait_line(lambda line: True, DEADLINE_S) == str(kept)
    finally:
        os.close(kept)
        os.close(other)


def test_a_child_has_default_signal_handlers(log: Path) -> None:
    script = "import signal as s; print(*[s.getsignal(n).name for n in (s.SIGTERM, s.SIGHUP, s.SIGCHLD)])"
    with Child("asker", [sys.executable, "-c", script], log) as child:
        assert child.wait_line(lambda line: True, DEADLINE_S) == "SIG_DFL SIG_DFL SIG_DFL"


def test_a_child_is_started_once(orderly: Child) -> None:
    with pytest.raises(ChildError, match="already been started"):
        orderly.start()
    with pytest.raises(ChildError, match="has not been started"):
        _ = Child("never", ["true"], orderly.log_path).pid
