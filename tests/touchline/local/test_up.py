"""What `touchline up` and the demo tell a person about where things are."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from touchline.local.system import LocalSystem
from touchline.local.up import tell_where
from touchline.settings import read_settings


def told(folder: Path, capfd: pytest.CaptureFixture[str]) -> str:
    """What is printed for a system on this folder."""
    system = SimpleNamespace(settings=read_settings(data=str(folder)), folder=folder, reader_url="http://h:1/touchline")
    tell_where(cast("LocalSystem", system))
    return "".join(capfd.readouterr())


def test_commands_are_shown_without_a_folder_where_they_find_it(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert told(folder, capfd).endswith("  try         touchline status · touchline top · touchline import --help\n")


def test_commands_are_shown_with_the_folder_that_they_do_not_find(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    other = folder / "my data"
    assert f"touchline status · touchline top · touchline import --help, each with --data '{other}'" in told(
        other, capfd
    )
