"""Errors of the operating system in one sentence, with the file."""

import errno
import os
from pathlib import Path

from tests.tables import table
from touchline.system_errors import describe


@table("number", sorted(errno.errorcode))
def test_every_error_of_the_system_is_one_sentence(number: int) -> None:
    for name in (None, "/data/x", Path("/data/x"), b"/data/\xff", 3):
        error = OSError(number, os.strerror(number), name)
        assert describe(error).endswith(".")
        assert "\n" not in describe(error)


def test_the_file_is_named() -> None:
    assert describe(FileNotFoundError(errno.ENOENT, "No such file or directory", "/data/x")).startswith(
        "/data/x cannot be used (No such file or directory): make it, or name another place"
    )
