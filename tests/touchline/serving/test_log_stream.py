import contextlib
import sys
from pathlib import Path

import pytest

from touchline.errors import CliError
from touchline.serving.log_stream import open_log


def test_streams(tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack:
        assert open_log("", stack) is None
        assert open_log("-", stack) is sys.stdout
        stream = open_log(str(tmp_path / "a.log"), stack)
        assert stream is not None
        assert not stream.closed
    assert stream.closed


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack, pytest.raises(CliError, match="missing"):
        open_log(str(tmp_path / "missing" / "a.log"), stack)
