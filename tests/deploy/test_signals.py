"""Names of signals, and signals to groups of processes."""

import os
import subprocess

import pytest

from deploy.signals import is_in_session, kill_group, signal_name
from tests.deploy.processes import STUBBORN, is_gone, wait_for


@pytest.mark.parametrize(("number", "name"), [(9, "SIGKILL"), (15, "SIGTERM"), (250, "signal 250")])
def test_names(number: int, name: str) -> None:
    assert signal_name(number) == name


def test_a_group_is_killed_with_what_ignores_other_signals() -> None:
    parent = subprocess.Popen(STUBBORN, stdout=subprocess.PIPE, start_new_session=True)
    assert parent.stdout is not None
    grandchild = int(parent.stdout.readline().split()[1])
    assert is_in_session(grandchild, parent.pid)
    assert not is_in_session(os.getpid(), parent.pid)
    kill_group(parent.pid)
    parent.communicate(timeout=30)
    wait_for(lambda: is_gone(grandchild), "the grandchild to be killed")
    kill_group(parent.pid)  # one that is gone is no error
    assert is_in_session(parent.pid, parent.pid)
