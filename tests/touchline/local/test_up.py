"""The addresses that `touchline up` and the demo print."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from touchline.local.system import LocalSystem
from touchline.local.up import print_addresses
from touchline.settings import read_settings


def printed(folder: Path, capfd: pytest.CaptureFixture[str]) -> str:
    """Return what is printed for a system on this folder."""
    system = SimpleNamespace(settings=read_settings(data=str(folder)), folder=folder, reader_url="http://h:1/touchline")
    print_addresses(cast("LocalSystem", system))
    return "".join(capfd.readouterr())


def test_commands_are_shown_without_the_default_folder(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert printed(folder, capfd).endswith("  try         touchline status · touchline top · touchline import --help\n")


def test_commands_are_shown_with_another_folder(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    other = folder / "my data"
    assert f"touchline status · touchline top · touchline import --help, each with --data '{other}'" in printed(
        other, capfd
    )
