"""The command line and the ready line."""

from pathlib import Path

import pytest

from deploy.engine.launch import Ready, command, read_ready, ready_line


def test_a_ready_line_is_read_back() -> None:
    assert read_ready(ready_line(Ready(1234, 5)) + "\n") == Ready(1234, 5)
    assert Ready(1234, 5).url == "http://127.0.0.1:1234"


@pytest.mark.parametrize("line", ["", "Segmentation fault", '{"port": 1}', "[]", '{"port": null, "pid": 1}'])
def test_another_line_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="did not report that it is ready"):
        read_ready(line)


def test_the_command_line() -> None:
    plain = ["py", "-m", "deploy.engine", "--path", "d", "--port", "0", "--users", "u"]
    assert command(Path("d"), 0, Path("u"), "py") == plain
    assert command(Path("d"), 0, Path("u"), "py", 500) == [*plain, "--max-memory-mb", "500"]
    assert command(Path("d"), 0, Path("u"), "py", min_free_mb=0) == [*plain, "--min-free-mb", "0"]
