"""Lines of the engine's log, also on a full disk."""

import os
from pathlib import Path

import pytest

from deploy.engine.log import log_line


def test_a_line_is_written_at_once(tmp_path: Path) -> None:
    file = tmp_path / "log"
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT)
    log_line("one ü \ud800", descriptor)
    log_line("two", descriptor)
    assert file.read_bytes() == "one ü \\ud800\ntwo\n".encode()
    os.close(descriptor)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_does_not_fail_the_caller() -> None:
    descriptor = os.open("/dev/full", os.O_WRONLY)
    with pytest.raises(OSError, match="No space left"):
        os.write(descriptor, b"x")
    log_line("x", descriptor)
    os.close(descriptor)
    log_line("x", descriptor)
