"""`touchline identity unlink` without a target, in a terminal."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def answer_in_a_terminal(text: str) -> tuple[int, str]:
    """Return exit code and output when a person answers the question with `text`."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "touchline", "identity", "unlink", "customer_id:42"],
        stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT,
    )  # fmt: skip
    os.close(theirs)
    os.write(ours, f"{text}\n".encode())
    printed = b""
    while chunk := read(ours):
        printed += chunk
    os.close(ours)
    return process.wait(), printed.decode()


def read(fd: int) -> bytes:
    try:
        return os.read(fd, 4096)
    except OSError:  # Linux: the other end is closed
        return b""


@pytest.mark.parametrize(("text", "code", "printed"), [("n", 1, "Aborted"), ("", 1, "Aborted"), ("y", 78, "No Kafka")])
def test_unlink_from_all_asks_for_confirmation(text: str, code: int, printed: str) -> None:
    found = answer_in_a_terminal(text)
    assert found[0] == code
    assert "This separates customer_id:42 from all other identifiers, whichever claims it. Continue? [y/N]" in found[1]
    assert printed in found[1]
